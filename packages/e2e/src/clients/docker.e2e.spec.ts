import { describeWith, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunFailed, type RunOptions } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { type DockerDaemon, startDockerDaemon } from './docker-daemon.ts';
import { runnableImage } from './runnable-image.ts';

describeWith(['docker', 'dockerd', 'ctr', 'busybox', 'root'], 'docker with a daemon of its own', () => {
  let bench: Bench;
  let daemon: DockerDaemon;
  const docker = async (args: readonly string[], options?: RunOptions) =>
    (await daemon.docker(args, options)).stdout.trim();

  beforeAll(async () => {
    bench = await Bench.start('docker');
    daemon = await startDockerDaemon(bench.directory.path);
    const { username, password } = bench.credentials;
    await docker(['login', '-u', username, '--password-stdin', bench.target.host], { input: password });
  });
  afterAll(async () => {
    await daemon?.stop();
    await bench?.close();
  });

  it('pulls an image, runs it, and pushes it under another name', async () => {
    await bench.client.push('docker/app', runnableImage('docker says hello', 'docker'), 'v1');
    const reference = bench.reference('docker/app:v1');
    await docker(['pull', reference]);
    expect(await docker(['run', '--rm', '--network=none', reference])).toBe('docker says hello');
    const again = bench.reference('docker/again:v1');
    await docker(['tag', reference, again]);
    await docker(['push', again]);
    await docker(['rmi', '--force', reference, again]);
    await docker(['pull', again]);
    expect(await docker(['run', '--rm', '--network=none', again])).toBe('docker says hello');
  });

  it('builds on a base from the registry, pushes, and runs what it pulls by digest', async () => {
    await bench.client.push('docker/base', runnableImage('base'), 'v1');
    const base = bench.reference('docker/base:v1');
    const built = bench.reference('docker/built:v1');
    await docker(['pull', base]);
    const file = `FROM ${base}\nRUN echo built > /etc/greeting\n`;
    await docker(['build', '--network=none', '-t', built, '-'], { input: file });
    const pushed = await docker(['push', built]);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? '';
    expect((await bench.client.manifest('docker/built', 'v1')).digest).toBe(digest);
    await docker(['rmi', '--force', built]);
    const byDigest = `${bench.reference('docker/built')}@${digest}`;
    expect(await docker(['run', '--rm', '--network=none', byDigest])).toBe('built');
  });

  it('pulls the image of its platform from an index, and pushes all tags of a repository', async () => {
    const factory = new ImageFactory('docker-index');
    const index = factory.index([
      runnableImage('from an index'),
      factory.image({ platform: { os: 'linux', architecture: 's390x' } }),
    ]);
    await bench.client.push('docker/multi', index, 'v1');
    const reference = bench.reference('docker/multi:v1');
    expect(await docker(['run', '--rm', '--network=none', reference])).toBe('from an index');
    for (const tag of ['a', 'b']) await docker(['tag', reference, bench.reference(`docker/tags:${tag}`)]);
    await docker(['push', '--all-tags', bench.reference('docker/tags')]);
    expect(await bench.client.tags('docker/tags')).toEqual(['a', 'b']);
  });

  it('serves containerd, which pushes without chunks and asks for tags by HEAD alone', async () => {
    const index = new ImageFactory('containerd').index();
    await bench.client.push('docker/containerd', index, 'v1');
    const login = ['--plain-http', '--user', `${bench.credentials.username}:${bench.credentials.password}`];
    const [from, to] = [bench.reference('docker/containerd:v1'), bench.reference('docker/containerd-copy:v1')];
    await daemon.ctr(['content', 'fetch', ...login, '--all-platforms', from]);
    await daemon.ctr(['images', 'tag', from, to]);
    await daemon.ctr(['images', 'push', ...login, to]);
    await expect(bench.client.verify('docker/containerd-copy', index, 'v1')).resolves.toBeUndefined();
    await daemon.ctr(['images', 'rm', from, to]);
  });

  it('says plainly that an image does not exist', async () => {
    const pull = docker(['pull', bench.reference('docker/none:v1')]);
    await expect(pull).rejects.toThrow(/not found|manifest unknown|name unknown/);
    await expect(pull).rejects.toBeInstanceOf(RunFailed);
  });
});
