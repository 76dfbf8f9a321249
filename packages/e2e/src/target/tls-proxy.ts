import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programPath } from '@moorage/testing';
import { runProgram } from './run-program.ts';
import { startServer } from './server-process.ts';
import { ROOT } from './workspace.ts';

export interface TlsProxy {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** The certificate authority to trust, a PEM file. */
  readonly authority: string;
  stop(): Promise<void>;
}

/** Starts nginx as a TLS and HTTP/2 edge before a server, set up as deploy/nginx says. */
export async function startTlsProxy(directory: string, port: number, upstream: string): Promise<TlsProxy> {
  const at = (name: string) => join(directory, name);
  mkdirSync(directory, { recursive: true });
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at('key.pem')];
  await runProgram('openssl', ['req', '-x509', ...key, '-days', '2', '-out', at('ca.crt'), ...subject]);
  writeFileSync(at('nginx.conf'), configuration(directory, port, upstream));
  const args = ['-c', at('nginx.conf'), '-p', directory, '-e', at('error.log'), '-g', 'daemon off;'];
  const server = startServer(programPath('nginx') ?? 'nginx', args, {});
  await untilListening(port);
  return { host: `127.0.0.1:${port}`, authority: at('ca.crt'), stop: () => server.stop() };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const listens = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (listens) return;
    await sleep(50);
  }
  throw new Error(`nginx does not listen on port ${port}`);
}

/** The published sample with this machine's addresses in place of its examples. */
function configuration(directory: string, port: number, upstream: string): string {
  const sample = [
    ['server 127.0.0.1:8080;', `server ${upstream};`],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`],
    ['/etc/nginx/tls/registry.crt', `${directory}/ca.crt`],
    ['/etc/nginx/tls/registry.key', `${directory}/key.pem`],
  ].reduce(
    (text, [example = '', own = '']) => {
      if (!text.includes(example)) throw new Error(`deploy/nginx/moorage.conf has no "${example}"`);
      return text.replace(example, own);
    },
    readFileSync(join(ROOT, 'deploy/nginx/moorage.conf'), 'utf8'),
  );
  return `
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi;
  scgi_temp_path ${directory}/scgi;
  ${sample}
}
`;
}
