import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { writeLayout } from './oci-layout.ts';

describeWith(['skopeo'], 'skopeo', () => {
  const images = new ImageFactory('skopeo');
  let bench: Bench;
  let authFile: string;
  const skopeo = async (...args: string[]) => (await runProgram('skopeo', ['--insecure-policy', ...args])).stdout;
  const inDirectory = (name: string) => join(bench.directory.path, name);
  const remote = (name: string) => `docker://${bench.reference(name)}`;

  beforeAll(async () => {
    bench = await Bench.start('skopeo');
    authFile = inDirectory('auth.json');
    const { username, password } = bench.credentials;
    const args = ['login', '--tls-verify=false', '--authfile', authFile, '-u', username, '--password-stdin'];
    await runProgram('skopeo', [...args, bench.target.host], { input: password });
  });
  afterAll(() => bench?.close());

  const push = (from: string, to: string, ...more: string[]) =>
    skopeo('copy', '--authfile', authFile, '--dest-tls-verify=false', ...more, from, to);
  const pull = (from: string, to: string, ...more: string[]) =>
    skopeo('copy', '--authfile', authFile, '--src-tls-verify=false', ...more, from, to);

  it('pushes an OCI image unchanged and pulls it back', async () => {
    const image = images.image();
    writeLayout(inDirectory('oci'), image, 'v1');
    await push(`oci:${inDirectory('oci')}:v1`, remote('skopeo/app:v1'));
    await bench.client.verify('skopeo/app', image, 'v1');
    await pull(remote('skopeo/app:v1'), `oci:${inDirectory('back')}:v1`);
    const index = JSON.parse(readFileSync(join(inDirectory('back'), 'index.json'), 'utf8'));
    expect(index.manifests[0].digest).toBe(image.root.descriptor.digest);
  });

  it('pushes the same image in Docker format under a media type of its own', async () => {
    const image = images.image();
    writeLayout(inDirectory('docker'), image, 'v1');
    await push(`oci:${inDirectory('docker')}:v1`, remote('skopeo/app:docker'), '--format', 'v2s2');
    const manifest = await bench.client.manifest('skopeo/app', 'docker');
    expect(manifest.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
    const seen = JSON.parse(
      await skopeo('inspect', '--authfile', authFile, '--tls-verify=false', remote('skopeo/app:docker')),
    );
    expect(seen.Digest).toBe(manifest.digest);
    expect(seen.Layers).toHaveLength(2);
  });

  it('copies a multi-platform index with all its images, and one platform alone', async () => {
    const index = images.index();
    writeLayout(inDirectory('index'), index, 'multi');
    await push(`oci:${inDirectory('index')}:multi`, remote('skopeo/multi:v1'), '--all');
    await bench.client.verify('skopeo/multi', index, 'v1');
    await pull(remote('skopeo/multi:v1'), `dir:${inDirectory('all')}`, '--all');
    const manifest = readFileSync(join(inDirectory('all'), 'manifest.json'));
    expect(manifest.equals(index.root.bytes)).toBe(true);
    const platform = ['--override-os', 'linux', '--override-arch', 'arm64'];
    const raw = await skopeo(
      ...platform,
      'inspect',
      '--config',
      '--authfile',
      authFile,
      '--tls-verify=false',
      remote('skopeo/multi:v1'),
    );
    expect(JSON.parse(raw).architecture).toBe('arm64');
  });

  it('copies a Docker manifest list from repository to repository, by mounting its blobs', async () => {
    const list = images.dockerList();
    await bench.client.push('skopeo/list', list, 'v1');
    const args = ['copy', '--all', '--authfile', authFile, '--src-tls-verify=false', '--dest-tls-verify=false'];
    await skopeo(...args, remote('skopeo/list:v1'), remote('skopeo/list-copy:v1'));
    await expect(bench.client.verify('skopeo/list-copy', list, 'v1')).resolves.toBeUndefined();
  });

  it('takes one image from eight clients at once, into the same and into different repositories', async () => {
    const image = images.image({ layerSizes: [3_000_000, 2_000_000, 1_000_000] });
    writeLayout(inDirectory('shared'), image, 'v1');
    const targets = Array.from({ length: 8 }, (_, index) => ({
      repository: `skopeo/many-${index % 3}`,
      tag: `t${index}`,
    }));
    const pushes = targets.map(({ repository, tag }) =>
      push(`oci:${inDirectory('shared')}:v1`, remote(`${repository}:${tag}`)),
    );
    await Promise.all(pushes);
    for (const { repository, tag } of targets)
      await expect(bench.client.verify(repository, image, tag)).resolves.toBeUndefined();
  });

  it('lists tags and deletes by digest, so that every tag on the digest is gone', async () => {
    const image = images.image();
    await bench.client.push('skopeo/gone', image, 'a', 'b');
    await bench.client.push('skopeo/gone', images.image(), 'c');
    const list = async () =>
      JSON.parse(await skopeo('list-tags', '--authfile', authFile, '--tls-verify=false', remote('skopeo/gone'))).Tags;
    expect(await list()).toEqual(['a', 'b', 'c']);
    await skopeo('delete', '--authfile', authFile, '--tls-verify=false', remote('skopeo/gone:a'));
    expect(await list()).toEqual(['c']);
  });
});
