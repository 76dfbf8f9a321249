import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describeWith, ImageFactory, seededDigest, seededStream } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runProgram } from '../target/run-program.ts';
import { Bench } from '../target/target.ts';

const GIB = 1024 ** 3;

describeWith(['oras'], 'oras', () => {
  const images = new ImageFactory('oras');
  let bench: Bench;
  const inDirectory = (name: string) => join(bench.directory.path, name);
  const oras = async (args: readonly string[], timeout?: number) => {
    const options = { env: { DOCKER_CONFIG: inDirectory('docker-config') }, cwd: bench.directory.path, timeout };
    return (await runProgram('oras', args, options)).stdout.trim();
  };

  beforeAll(async () => {
    bench = await Bench.start('oras');
    const { username, password } = bench.credentials;
    const login = ['login', '--plain-http', bench.target.host, '-u', username, '--password-stdin'];
    const env = { DOCKER_CONFIG: inDirectory('docker-config') };
    await runProgram('oras', login, { env, input: password });
    writeFileSync(inDirectory('notes.txt'), 'what a release says\n');
    writeFileSync(inDirectory('report.json'), '{"findings":[]}\n');
  });
  afterAll(() => bench?.close());

  it('pushes files as an artifact and pulls them back', async () => {
    const target = bench.reference('oras/notes:v1');
    const files = ['notes.txt:text/plain', 'report.json:application/json'];
    await oras(['push', '--plain-http', '--artifact-type', 'application/vnd.example.notes', target, ...files]);
    const manifest = JSON.parse((await bench.client.manifest('oras/notes', 'v1')).bytes.toString());
    expect(manifest.artifactType).toBe('application/vnd.example.notes');
    await oras(['pull', '--plain-http', '-o', inDirectory('pulled'), target]);
    expect(statSync(join(inDirectory('pulled'), 'report.json')).size).toBe(16);
  });

  it('attaches to an image, discovers what is attached, and copies the whole tree', async () => {
    const image = images.image();
    await bench.client.push('oras/app', image, 'v1');
    const target = bench.reference('oras/app:v1');
    const attach = ['attach', '--plain-http', '--artifact-type', 'application/vnd.example.report', '--format', 'json'];
    const report = JSON.parse(await oras([...attach, target, 'report.json']));
    await oras([...attach, `${bench.reference('oras/app')}@${report.digest}`, 'notes.txt']);
    const discover = async (reference: string) => {
      const found = JSON.parse(await oras(['discover', '--plain-http', '--format', 'json', reference]));
      return (found.manifests ?? found.referrers) as { digest: string; artifactType: string }[];
    };
    expect(await discover(target)).toMatchObject([
      { digest: report.digest, artifactType: 'application/vnd.example.report' },
    ]);
    const copy = bench.reference('oras/copy:v1');
    await oras(['copy', '-r', '--from-plain-http', '--to-plain-http', target, copy]);
    await bench.client.verify('oras/copy', image, 'v1');
    expect(await discover(copy)).toMatchObject([{ digest: report.digest }]);
    expect(await discover(`${bench.reference('oras/copy')}@${report.digest}`)).toHaveLength(1);
    // A registry without the referrers API would show fallback tags here.
    expect(await bench.client.tags('oras/copy')).toEqual(['v1']);
  });

  it('lists, tags and deletes', async () => {
    await bench.client.push('oras/gone', images.image(), 'v1');
    await oras(['tag', '--plain-http', bench.reference('oras/gone:v1'), 'v2', 'v3']);
    expect((await oras(['repo', 'tags', '--plain-http', bench.reference('oras/gone')])).split('\n')).toEqual([
      'v1',
      'v2',
      'v3',
    ]);
    await oras(['manifest', 'delete', '--plain-http', '--force', bench.reference('oras/gone:v2')]);
    expect(await bench.client.tags('oras/gone')).toEqual([]);
  });

  it('fetches a blob in pieces of its own choice and deletes one that nothing needs', async () => {
    const { descriptor, bytes } = images.blob(5000);
    await bench.client.pushBlob('oras/blobs', descriptor, bytes);
    const reference = `${bench.reference('oras/blobs')}@${descriptor.digest}`;
    await oras(['blob', 'fetch', '--plain-http', '--output', 'blob.bin', reference]);
    expect(statSync(inDirectory('blob.bin')).size).toBe(5000);
    await oras(['blob', 'delete', '--plain-http', '--force', reference]);
    const after = await bench.client.send('HEAD', `/v2/oras/blobs/blobs/${descriptor.digest}`);
    expect(after.status).toBe(404);
  });

  it('pushes and pulls a layer of 2 GiB', { timeout: 400_000 }, async () => {
    const size = 2 * GIB;
    const path = inDirectory('large.bin');
    await pipeline(seededStream('two gibibytes', size), createWriteStream(path));
    const target = bench.reference('oras/large:v1');
    await oras(['push', '--plain-http', target, 'large.bin:application/octet-stream'], 200_000);
    rmSync(path);
    const digest = seededDigest('two gibibytes', size);
    const [layer] = JSON.parse((await bench.client.manifest('oras/large', 'v1')).bytes.toString()).layers;
    expect(layer).toMatchObject({ digest, size });
    await oras(['pull', '--plain-http', '-o', inDirectory('large'), target], 200_000);
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(inDirectory('large'), 'large.bin')), hash);
    expect(`sha256:${hash.digest('hex')}`).toBe(digest);
  });
});
