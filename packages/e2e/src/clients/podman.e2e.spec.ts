import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunOptions, runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { containerStorage } from './container-storage.ts';
import { runnableImage } from './runnable-image.ts';

describeWith(['podman', 'busybox', 'root'], 'podman', () => {
  let bench: Bench;
  let env: Record<string, string>;
  const podman = async (args: readonly string[], options: RunOptions = {}) =>
    (await runProgram('podman', args, { env, ...options })).stdout.trim();

  beforeAll(async () => {
    bench = await Bench.start('podman');
    env = containerStorage(bench.directory.path);
    const { username, password } = bench.credentials;
    const login = ['login', '--tls-verify=false', '-u', username, '--password-stdin', bench.target.host];
    await podman(login, { input: password });
  });
  afterAll(async () => {
    if (env) await podman(['system', 'reset', '--force']);
    await bench?.close();
  });

  it.each(['oci', 'docker'] as const)('pulls an image in %s format, runs it and pushes it again', async (format) => {
    const image = runnableImage(`podman-${format}`, format);
    await bench.client.push(`podman/${format}`, image, 'v1');
    const reference = bench.reference(`podman/${format}:v1`);
    await podman(['pull', '--tls-verify=false', reference]);
    expect(await podman(['run', '--rm', '--network=none', reference])).toBe(`podman-${format}`);
    const again = bench.reference(`podman/${format}-again:v1`);
    await podman(['push', '--tls-verify=false', '--format', format === 'oci' ? 'oci' : 'v2s2', reference, again]);
    await podman(['rmi', '--force', reference]);
    await podman(['pull', '--tls-verify=false', again]);
    expect(await podman(['run', '--rm', '--network=none', again])).toBe(`podman-${format}`);
  });

  it('builds on an image of the registry and pushes the result', async () => {
    await bench.client.push('podman/base', runnableImage('base'), 'v1');
    const file = join(bench.directory.path, 'Containerfile');
    const base = bench.reference('podman/base:v1');
    writeFileSync(file, `FROM ${base}\nRUN echo built > /etc/greeting\nLABEL org.example.made=here\n`);
    const built = bench.reference('podman/built:v1');
    const build = ['build', '--tls-verify=false', '--isolation=chroot', '-t', built, '-f', file];
    await podman([...build, bench.directory.path]);
    await podman(['push', '--tls-verify=false', built]);
    await podman(['rmi', '--force', built]);
    expect(await podman(['run', '--rm', '--tls-verify=false', '--network=none', built])).toBe('built');
  });

  it('pushes a manifest list of two images', async () => {
    const list = bench.reference('podman/multi:v1');
    await bench.client.push('podman/part', runnableImage('part'), 'v1');
    await podman(['manifest', 'create', list]);
    await podman(['manifest', 'add', '--tls-verify=false', list, `docker://${bench.reference('podman/part:v1')}`]);
    await podman(['manifest', 'push', '--all', '--tls-verify=false', list, `docker://${list}`]);
    const { bytes } = await bench.client.manifest('podman/multi', 'v1');
    expect(JSON.parse(bytes.toString()).manifests).toHaveLength(1);
  });
});
