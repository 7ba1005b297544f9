/** The management API for people, by subject. `notes` and descriptions may hold code in backticks. */
export interface ApiIndexPage {
  readonly name: 'api/index';
  readonly title: string;
  readonly alias: string;
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly documentHref: string;
  readonly lead: string;
  readonly notes: readonly string[];
  readonly subjects: readonly {
    readonly title: string;
    readonly href: string;
    readonly description: string;
    readonly operations: readonly Pick<ApiOperationView, 'method' | 'path' | 'summary' | 'href'>[];
  }[];
}

/** One row of a table of fields or parameters. */
export interface ApiFieldView {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** What stands in the field of a request to try. */
  readonly example: string;
}

export interface ApiOperationView {
  readonly id: string;
  readonly href: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly action: string;
  readonly scopes: string;
  readonly parameters: readonly (ApiFieldView & { readonly place: string })[];
  readonly bodyFields: readonly ApiFieldView[];
  readonly bodyType: string;
  readonly bodyExample: string;
  readonly curl: string;
  readonly status: string;
  readonly answerExample: string;
  readonly errors: readonly { readonly status: string; readonly codes: readonly string[] }[];
}

/** The operations of one subject, to read and to try. `apiPath` is where their paths begin. */
export interface ApiSubjectPage {
  readonly name: 'api/subject';
  readonly title: string;
  readonly alias: string;
  readonly apiPath: string;
  readonly indexHref: string;
  readonly description: string;
  readonly operations: readonly ApiOperationView[];
}

export type ApiPage = ApiIndexPage | ApiSubjectPage;
