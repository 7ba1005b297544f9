/** One statement of a policy, in RAM's policy language (conditions are not supported yet). */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  /** Patterns of action names: `*` any run of characters, `?` one. */
  readonly actions: readonly string[];
  /** Patterns of resource names, `acs:<service>:<region>:<account>:<relative>`. */
  readonly resources: readonly string[];
}

/** What a caller wants to do to what. */
export interface Access {
  readonly action: string;
  readonly resource: string;
}
