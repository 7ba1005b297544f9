import type { Wording } from '../translate.ts';

/** Posts the hidden fields, with `logout=yes` for yes and without it for no. */
export interface SignOutQuestionPage {
  readonly name: 'sign-out/question';
  readonly action: string;
  readonly hiddenFields: readonly { readonly name: string; readonly value: string }[];
  readonly appName?: string | undefined;
}

export interface SignOutDonePage {
  readonly name: 'sign-out/done';
  readonly logonHref: string;
  readonly appName?: string | undefined;
}

/** Posts the hidden fields by itself: a way on that the protocol demands be a POST. */
export interface HandoverPage {
  readonly name: 'engine/handover';
  readonly action: string;
  readonly hiddenFields: readonly { readonly name: string; readonly value: string }[];
}

export interface ErrorPage {
  readonly name: 'errors/error';
  readonly heading: Wording;
  readonly message: Wording;
  readonly requestId?: string | undefined;
  readonly actionHref?: string | undefined;
  readonly actionLabel?: Wording | undefined;
}

export type MessagePage = SignOutQuestionPage | SignOutDonePage | HandoverPage | ErrorPage;
