import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { clientAddress } from './client-address.ts';

/** What every surface may know of a request, whoever handles it. */
export interface RequestInfo {
  /** Made by us, shown in errors and logs. */
  readonly requestId: string;
  readonly sourceIp: string;
}

const infos = new WeakMap<IncomingMessage, RequestInfo>();

/** Notes a request's id and client address. Called once, where the request enters. */
export function openRequestInfo(req: IncomingMessage, trustedProxies: BlockList): RequestInfo {
  const forwardedFor = req.headers['x-forwarded-for'];
  const info: RequestInfo = {
    requestId: randomUUID(),
    sourceIp: clientAddress(
      req.socket.remoteAddress,
      Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor,
      trustedProxies,
    ),
  };
  infos.set(req, info);
  return info;
}

/** The request's id and client address. Throws where the request did not come through the entrance. */
export function requestInfo(req: IncomingMessage): RequestInfo {
  const info = infos.get(req);
  if (info === undefined) throw new Error('the request did not come through the entrance');
  return info;
}
