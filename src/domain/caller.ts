/** Who performs an operation: a RAM user through a session, an access key or a token. */
export interface Caller {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  /** How the caller came, as the audit log shows it. */
  readonly via: 'session' | `accessKey:${string}` | `token:${string}`;
  readonly sourceIp?: string | undefined;
  readonly requestId?: string | undefined;
  readonly mfaPresent: boolean;
  readonly secureTransport: boolean;
  /** What the caller's application may do at all; `read` refuses every change, whatever the policies say. */
  readonly apiAccess: 'read' | 'full';
}
