import { AppError } from '../../domain/app-error.ts';

/** For whoever answers what another tab has answered in the meantime. */
export const stepAnswered = (): AppError =>
  new AppError('StepAnswered', 'This step was answered already, perhaps in another tab. Please reload the page.');
