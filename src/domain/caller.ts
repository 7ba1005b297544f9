/** Who performs an operation: a RAM user through a session, an access key or a token. */
export interface Caller {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  /** The user's revision as it was found when this request was let in; absent where nobody looked. */
  readonly userRevision?: number | undefined;
  /** How the caller came, as the audit log shows it. */
  readonly via: 'session' | `accessKey:${string}` | `token:${string}`;
  /** The browser session that the call comes of, as `sessionIdOf` names it; absent where there is none. */
  readonly sessionId?: string | undefined;
  /** By what the caller's browser is looked up among the devices they are known on; absent where there is none. */
  readonly deviceTokenHashes?: readonly string[] | undefined;
  readonly sourceIp?: string | undefined;
  readonly requestId?: string | undefined;
  readonly mfaPresent: boolean;
  readonly secureTransport: boolean;
  /** What the caller's application may do at all; `read` refuses every change, whatever the policies say. */
  readonly apiAccess: 'read' | 'full';
}
