import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliProcess } from './testing/cli-process.ts';
import { describeProtocol } from './testing/protocol/index.ts';

describeProtocol('the command on a folder, restarted by kill -9', async () => {
  const root = await mkdtemp(join(tmpdir(), 'moorage-protocol-'));
  const first = await CliProcess.start(['--root', root, '--port', '0']);
  const { port } = new URL(first.baseUrl);
  let current = first;
  return {
    baseUrl: first.baseUrl,
    restart: async () => {
      await current.end('SIGKILL');
      current = await CliProcess.start(['--root', root, '--port', port]);
    },
    stop: async () => {
      await current.end();
      await rm(root, { recursive: true, force: true });
    },
  };
});
