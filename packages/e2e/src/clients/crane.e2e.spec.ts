import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactFactory, describeWith, ImageFactory, tarOf } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { writeLayout } from './oci-layout.ts';

describeWith(['crane'], 'crane', () => {
  const images = new ImageFactory('crane');
  let bench: Bench;
  const inDirectory = (name: string) => join(bench.directory.path, name);
  const crane = async (...args: string[]) => {
    const env = { DOCKER_CONFIG: inDirectory('docker-config') };
    return (await runProgram('crane', ['--insecure', ...args], { env })).stdout.trim();
  };

  beforeAll(async () => {
    bench = await Bench.start('crane');
    const { username, password } = bench.credentials;
    await crane('auth', 'login', bench.target.host, '-u', username, '-p', password);
  });
  afterAll(() => bench?.close());

  it('pushes an index from disk, validates every byte of it and pulls it back', async () => {
    const index = images.index();
    writeLayout(inDirectory('layout'), index, 'v1');
    await crane('push', '--index', inDirectory('layout'), bench.reference('crane/multi:v1'));
    // crane pushes the layout's own index.json, whose one entry is the index.
    const [entry] = JSON.parse(await crane('manifest', bench.reference('crane/multi:v1'))).manifests;
    expect(entry.digest).toBe(index.root.descriptor.digest);
    await bench.client.verify('crane/multi', index);
    const platform = `${bench.reference('crane/multi')}@${index.root.descriptor.digest}`;
    await crane('validate', '--remote', platform, '--platform', 'linux/arm64');
    await crane('pull', '--format', 'oci', platform, inDirectory('pulled'));
  });

  it('builds an image from a tar file and appends a layer to it', async () => {
    writeFileSync(inDirectory('layer.tar'), tarOf([{ path: 'hello', content: 'one' }]));
    await crane('append', '-f', inDirectory('layer.tar'), '-t', bench.reference('crane/app:v1'));
    await crane(
      'append',
      '-b',
      bench.reference('crane/app:v1'),
      '-f',
      inDirectory('layer.tar'),
      '-t',
      bench.reference('crane/app:v2'),
    );
    const digest = await crane('digest', bench.reference('crane/app:v2'));
    const manifest = await bench.client.manifest('crane/app', 'v2');
    expect(digest).toBe(manifest.digest);
    expect(JSON.parse(manifest.bytes.toString()).layers).toHaveLength(2);
  });

  it('copies between repositories, tags, lists and deletes', async () => {
    const image = images.image();
    await bench.client.push('crane/source', image, 'v1');
    await crane('copy', bench.reference('crane/source:v1'), bench.reference('crane/copy:v1'));
    await crane('tag', bench.reference('crane/copy:v1'), 'v2');
    await bench.client.verify('crane/copy', image, 'v2');
    expect((await crane('ls', bench.reference('crane/copy'))).split('\n')).toEqual(['v1', 'v2']);
    await crane('delete', `${bench.reference('crane/copy')}@${image.root.descriptor.digest}`);
    expect(await crane('ls', bench.reference('crane/copy'))).toBe('');
    await bench.client.verify('crane/source', image, 'v1');
  });

  it('lists repositories', async () => {
    await bench.client.push('crane/listed', images.image(), 'v1');
    expect((await crane('catalog', bench.target.host)).split('\n')).toContain('crane/listed');
  });

  it('attaches a referrer and finds it by the referrers API, without a fallback tag', async () => {
    const image = images.image();
    await bench.client.push('crane/referred', image, 'v1');
    const sbom = new ArtifactFactory(images).sbom(image.root.descriptor);
    writeLayout(inDirectory('sbom'), sbom, 'sbom');
    await crane('push', inDirectory('sbom'), bench.reference('crane/referred:sbom'));
    const [found] = await bench.client.referrers(
      'crane/referred',
      image.root.descriptor.digest,
      'application/spdx+json',
    );
    expect(found?.digest).toBe(sbom.root.descriptor.digest);
    expect(await bench.client.tags('crane/referred')).toEqual(['sbom', 'v1']);
  });
});
