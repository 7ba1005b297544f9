import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { generateSigningKey } from '../src/domain/signing-keys/signing-keys.ts';
import { bareConfiguration, type BareSetup } from './bare-configuration.ts';
import { answerParent } from './child-question.ts';
import { serverHandlers } from './server-process.ts';

const setup = JSON.parse(process.env['BARE_SETUP'] ?? '{}') as BareSetup;
const keys = await Promise.all([generateSigningKey('ES256'), generateSigningKey('RS256')]);
const provider = new Provider(setup.issuer, bareConfiguration(setup, keys));
const engine = provider.callback();

/** The interaction of a bare engine: a form that asks for a name, and believes it. */
const form = (action: string) =>
  `<!doctype html><form method="post" action="${action}"><input name="username"><button>Log on</button></form>`;

async function interact(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method === 'GET') {
    await provider.interactionDetails(req, res);
    res.writeHead(200, { 'content-type': 'text/html' }).end(form(req.url ?? ''));
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get('username') ?? '';
  await provider.interactionFinished(req, res, { login: { accountId, amr: ['pwd'], acr: 'urn:bench:pwd' } });
}

const server = createServer((req, res) => {
  const handled = req.url?.startsWith('/interaction/') === true ? interact(req, res) : engine(req, res);
  handled.catch(() => res.destroy());
});

await new Promise<void>((resolve) => {
  server.listen(Number(new URL(setup.issuer).port), '127.0.0.1', resolve);
});

answerParent({ ...serverHandlers(), ready: () => true });
