import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunOptions, runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { containerStorage } from './container-storage.ts';
import { runnableImage } from './runnable-image.ts';

describeWith(['buildah', 'busybox', 'root'], 'buildah', () => {
  let bench: Bench;
  let env: Record<string, string>;
  const buildah = async (args: readonly string[], options: RunOptions = {}) =>
    (await runProgram('buildah', args, { env, ...options })).stdout.trim();

  beforeAll(async () => {
    bench = await Bench.start('buildah');
    env = containerStorage(bench.directory.path);
    const { username, password } = bench.credentials;
    const login = ['login', '--tls-verify=false', '-u', username, '--password-stdin', bench.target.host];
    await buildah(login, { input: password });
  });
  afterAll(async () => {
    if (env) await buildah(['rm', '--all']);
    await bench?.close();
  });

  it.each([
    ['oci', 'application/vnd.oci.image.manifest.v1+json'],
    ['docker', 'application/vnd.docker.distribution.manifest.v2+json'],
  ])('builds on a base from the registry and pushes in %s format', async (format, mediaType) => {
    await bench.client.push(`buildah/base-${format}`, runnableImage(`buildah-${format}`), 'v1');
    const base = bench.reference(`buildah/base-${format}:v1`);
    const container = await buildah(['from', '--tls-verify=false', base]);
    await buildah(['run', '--isolation', 'chroot', container, 'sh', '-c', 'echo more >> /etc/greeting']);
    await buildah(['config', '--label', 'org.example.format=here', container]);
    const result = bench.reference(`buildah/result-${format}:v1`);
    await buildah(['commit', '--format', format, container, result]);
    await buildah(['push', '--tls-verify=false', '--format', format === 'oci' ? 'oci' : 'v2s2', result]);
    const manifest = await bench.client.manifest(`buildah/result-${format}`, 'v1');
    expect(manifest.mediaType).toBe(mediaType);
    await buildah(['rmi', '--force', result]);
    const again = await buildah(['from', '--tls-verify=false', result]);
    // What a program prints in a chroot is now and then lost; the file is not.
    const greeting = readFileSync(join(await buildah(['mount', again]), 'etc/greeting'), 'utf8');
    expect(greeting.trim()).toBe(`buildah-${format}more`);
  });
});
