import { join } from 'node:path';
import { describeWith, ImageFactory } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';
import { writeLayout } from './oci-layout.ts';

const MIB = 1024 ** 2;

describeWith(['skopeo'], 'an image of 200 MiB in 10 layers', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start('large');
  });
  afterAll(() => bench?.close());

  it('is pushed and pulled by skopeo, several layers at a time, and arrives unchanged', async () => {
    const layerSizes = Array.from({ length: 10 }, (_, index) => (11 + 2 * index) * MIB);
    const image = new ImageFactory('large image').image({ layerSizes });
    const total = image.blobs.reduce((sum, blob) => sum + blob.descriptor.size, 0);
    expect(total).toBeGreaterThan(200 * MIB);
    const layout = join(bench.directory.path, 'layout');
    writeLayout(layout, image, 'v1');
    const { username, password } = bench.credentials;
    const remote = `docker://${bench.reference('large/app:v1')}`;
    const skopeo = (...args: string[]) => runProgram('skopeo', ['--insecure-policy', 'copy', ...args]);
    const login = `${username}:${password}`;
    await skopeo('--dest-tls-verify=false', '--dest-creds', login, `oci:${layout}:v1`, remote);
    await bench.client.verify('large/app', image, 'v1');
    await skopeo('--src-tls-verify=false', '--src-creds', login, remote, `dir:${join(bench.directory.path, 'back')}`);
  });
});
