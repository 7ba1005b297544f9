import { open, seal } from '../crypto/envelope.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { AppError } from './app-error.ts';

/** What a cursor belongs to. Used on another account, list or filter, it is refused. */
export interface CursorPlace {
  readonly accountId: string;
  /** The list's name and everything that filters it. */
  readonly list: readonly (string | undefined)[];
}

const sealedPlace = ({ accountId, list }: CursorPlace) => ({ accountId, row: JSON.stringify(list), column: 'cursor' });

/** Seals the sort key of a page's last item, so that nobody can read it or ask for a position of their own making. */
export const sealCursor = (keyRing: KeyRing, lastKey: string, place: CursorPlace): string =>
  seal(keyRing, lastKey, sealedPlace(place));

/** Answers the sort key to go on after. Throws `InvalidParameter` for a cursor that is not ours, was changed, or is of another list. */
export function openCursor(keyRing: KeyRing, cursor: string, place: CursorPlace): string {
  try {
    return open(keyRing, cursor, sealedPlace(place));
  } catch (cause) {
    const detail = 'This cursor does not belong to this list; start again without one.';
    throw new AppError('InvalidParameter', detail, {
      cause,
      faults: [{ pointer: '/cursor', code: 'InvalidParameter.Cursor.Format', detail }],
    });
  }
}
