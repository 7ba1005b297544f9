/** A page as a list's route presents it. */
export interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor?: string | undefined;
}

/** A form in which a whole list can be had, sent as it is read. */
export interface WholeForm {
  /** What `format` calls it. */
  readonly format: string;
  readonly mediaType: string;
  /** It is what a client gets that does not say what it would have. */
  readonly isUsual?: boolean;
  /** What stands before the items; decided by the first page. */
  readonly head?: (first: Page) => string;
  /** One item, its end of line included. */
  readonly line: (item: unknown, first: Page) => string;
}

/** One JSON document a line; what log collectors take. */
export const jsonLines: WholeForm = {
  format: 'ndjson',
  mediaType: 'application/x-ndjson',
  line: (item) => `${JSON.stringify(item)}\n`,
};
