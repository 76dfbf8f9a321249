import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describeWith, freePort, ImageFactory, RegistryClient, seededDigest, seededStream } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runConformance } from '../conformance/oci-conformance.ts';
import { runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { startTlsProxy, type TlsProxy } from '../target/tls-proxy.ts';
import { writeLayout } from './oci-layout.ts';

const MIB = 1024 ** 2;

describeWith(['nginx', 'openssl'], 'behind a TLS and HTTP/2 edge', () => {
  let bench: Bench;
  let proxy: TlsProxy;
  let client: RegistryClient;
  beforeAll(async () => {
    const [inner, outer] = [await freePort(), await freePort()];
    bench = await Bench.start('edge', { port: inner, externalUrl: `https://127.0.0.1:${outer}` });
    await bench.target.createProject('conformance');
    proxy = await startTlsProxy(join(bench.directory.path, 'nginx'), outer, bench.target.host);
    client = new RegistryClient(`https://${proxy.host}`, bench.credentials, readFileSync(proxy.authority, 'utf8'));
  });
  afterAll(async () => {
    await proxy?.stop();
    await bench?.close();
  });

  const login = () => `${bench.credentials.username}:${bench.credentials.password}`;

  describeWith(['oci-conformance'], 'OCI conformance', () => {
    it('passes over HTTP/2 as it does over HTTP/1.1', async () => {
      const target = { ...bench.target, host: proxy.host };
      const result = await runConformance(target, 'dev', { OCI_TLS: 'enabled', SSL_CERT_FILE: proxy.authority });
      expect(result.complaints).toEqual([]);
      expect(result).toMatchObject({ failures: 0, errors: 0, skipped: 0 });
    });
  });

  describeWith(['skopeo'], 'skopeo', () => {
    it('pushes and pulls', async () => {
      const index = new ImageFactory('edge').index();
      const layout = join(bench.directory.path, 'layout');
      writeLayout(layout, index, 'v1');
      const env = { SSL_CERT_FILE: proxy.authority };
      const skopeo = (...args: string[]) =>
        runProgram('skopeo', ['--insecure-policy', 'copy', '--all', ...args], { env });
      const remote = `docker://${proxy.host}/edge/app:v1`;
      await skopeo('--dest-creds', login(), `oci:${layout}:v1`, remote);
      await expect(client.verify('edge/app', index, 'v1')).resolves.toBeUndefined();
      await skopeo('--src-creds', login(), remote, `dir:${join(bench.directory.path, 'back')}`);
    });
  });

  describeWith(['oras'], 'oras', () => {
    it('pushes and pulls 300 MiB in one blob', async () => {
      const home = join(bench.directory.path, 'oras');
      mkdirSync(home);
      const size = 300 * MIB;
      await pipeline(seededStream('edge', size), createWriteStream(join(home, 'large.bin')));
      const { username, password } = bench.credentials;
      const options = { cwd: home, env: { DOCKER_CONFIG: home }, input: password };
      const trust = ['--ca-file', proxy.authority, '-u', username, '--password-stdin'];
      const reference = `${proxy.host}/edge/large:v1`;
      await runProgram('oras', ['push', ...trust, reference, 'large.bin:application/octet-stream'], options);
      const digest = seededDigest('edge', size);
      const [layer] = JSON.parse((await client.manifest('edge/large', 'v1')).bytes.toString()).layers;
      expect(layer).toMatchObject({ digest, size });
      await runProgram('oras', ['pull', ...trust, '-o', join(home, 'back'), reference], options);
    });
  });
});
