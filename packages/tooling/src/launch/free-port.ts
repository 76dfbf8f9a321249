import { createServer } from 'node:net';
import { CommandFailed } from '../command-failed.ts';

/** Makes sure that core will be able to listen; rejects with a {@link CommandFailed} that says what to change. */
export function assertPortFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(new CommandFailed(explain(error.code, host, port))));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function explain(code: string | undefined, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program. Stop that program, or set MOORAGE_PORT to another port.`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set MOORAGE_PORT to a port above 1023.`;
    default:
      return `Cannot listen on ${host} port ${port} (${code}). Set MOORAGE_HOST to an address of this machine.`;
  }
}
