import { pino } from 'pino';
import { openBackend, startServer } from '../src/compose.ts';
import { parseKeyRing } from '../src/crypto/key-ring.ts';
import { readConfig } from '../src/config/read-config.ts';
import { createAccount } from '../src/domain/accounts/create-account.ts';
import { answerParent } from './child-question.ts';
import { serverHandlers } from './server-process.ts';

const read = readConfig(process.env);
if ('faults' in read) throw new Error(read.faults.join('\n'));
const parsed = parseKeyRing(process.env['ENCRYPTION_KEYS'] ?? '');
if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
const { config } = read;

const backend = await openBackend(config, parsed.ring, process.pid);
const server = await startServer(config, backend, pino({ level: config.logLevel }, pino.destination(2)));

answerParent(
  {
    ...serverHandlers(),
    makeAccount: () =>
      createAccount(
        { ...backend, publicUrl: config.publicUrl },
        { alias: 'bench', adminUserName: 'admin', isPlatform: true },
      ),
  },
  async () => {
    await server.close();
    await backend.close();
  },
);
