import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../../config/config.ts';
import { CliFailure } from '../failure.ts';

const portFaults: readonly unknown[] = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'];

/** Ends the verb, before anything is made that would have to be taken back, when the server could not listen. */
export async function requireFreePorts(config: Config): Promise<void> {
  await explainingPorts(config, async () => {
    await tryPort(config.port, config.bindAddress);
    await tryPort(config.managementPort, config.managementAddress);
  });
}

async function tryPort(port: number, host: string): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** What an operator can mend about addresses and ports is told in words. */
export async function explainingPorts<T>({ port, managementPort }: Config, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && portFaults.includes(error.code))) throw error;
    const advice = `Set PORT (${port}) and MANAGEMENT_PORT (${managementPort}), BIND_ADDRESS and MANAGEMENT_ADDRESS.`;
    throw new CliFailure('The server cannot listen.', { code: 'CannotListen', details: [error.message, advice] });
  }
}
