import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWith, freePort, ImageFactory, RegistryClient } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerStorage } from '../clients/container-storage.ts';
import { runProgram } from '../target/run-program.ts';
import { makeImages, type StackImages } from './images.ts';
import { createMemoryDirectory, type MemoryDirectory } from './memory-directory.ts';
import { Stack } from './stack.ts';

const MINUTES = 60_000;
const ADMIN = { username: 'admin', password: 'Compose-12345' };
const PRODUCT_SERVICES = ['core', 'worker'];

describeWith(['podman', 'podman-compose', 'debootstrap', 'root'], 'compose.yaml and its image', () => {
  let directory: MemoryDirectory;
  let environment: Record<string, string>;
  let images: StackImages;
  let stack: Stack;
  let client: RegistryClient;
  const image = new ImageFactory('compose').image();

  beforeAll(async () => {
    directory = await createMemoryDirectory();
    const storage = join(directory.path, 'storage');
    mkdirSync(storage);
    environment = containerStorage(storage, 'overlay');
    images = await makeImages(directory.path, environment);
    stack = new Stack({ images, port: await freePort(), adminPassword: ADMIN.password, environment });
    await stack.up();
    client = new RegistryClient(stack.origin, ADMIN);
  }, 15 * MINUTES);

  afterAll(async () => {
    await stack?.down();
    if (environment) await runProgram('podman', ['system', 'reset', '--force'], { env: environment });
    await directory?.remove();
  }, 5 * MINUTES);

  const api = (method: string, path: string, body?: unknown) =>
    fetch(`${stack.origin}/api/v2.0${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${ADMIN.username}:${ADMIN.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('takes an image in a project and gives it back', async () => {
    expect((await api('POST', '/projects', { project_name: 'compose' })).status).toBe(201);
    await client.push('compose/app', image, 'v1');
    await expect(client.verify('compose/app', image, 'v1')).resolves.toBeUndefined();
  });

  it('has a worker that delivers what core leaves to it', async () => {
    const delivered = async () => (await (await api('GET', '/audit-logs?page_size=50')).text()).includes('compose/app');
    let isDelivered = await delivered();
    for (let attempt = 0; attempt < 720 && !isDelivered; attempt++) {
      await sleep(250);
      isDelivered = await delivered();
    }
    expect(isDelivered, `the worker said:\n${isDelivered ? '' : await stack.logs('worker')}`).toBe(true);
  });

  it.each(PRODUCT_SERVICES)('runs %s without rights over the container or the host', async (service) => {
    const status = await stack.inside(service, 'cat /proc/1/status');
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.split(/\s+/);
    expect(field('Uid')).toEqual(Array(4).fill('10000'));
    expect(field('Gid')).toEqual(Array(4).fill('10000'));
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(field(set)).toEqual(['0'.repeat(16)]);
    expect(field('NoNewPrivs')).toEqual(['1']);
    const write = (path: string) => stack.inside(service, `touch ${path}/probe 2>&1 && rm ${path}/probe || true`);
    for (const path of ['/', '/app', '/usr', '/etc']) expect(await write(path)).toMatch(/Read-only file system/);
    for (const path of ['/data', '/tmp']) expect(await write(path)).toBe('');
  });

  it('leaves nothing of its build in the image', async () => {
    const settings = JSON.parse(
      await stack.podman('image', 'inspect', '--format', '{{json .Config}}', images.product),
    ) as { Env: string[]; User: string };
    expect(settings.User).toBe('10000:10000');
    const names = settings.Env.map((entry) => entry.split('=')[0]).sort();
    expect(names).toEqual(['MOORAGE_DATA_DIR', 'MOORAGE_HOST', 'MOORAGE_PORT', 'NODE_ENV', 'PATH']);
    const left =
      'ls -d /src ~root/.npmrc ~root/.local ~root/.npm /app/*/node_modules/typescript /app/*/src 2>/dev/null';
    const run = ['run', '--rm', '--user=0', '--network=none', '--entrypoint=/bin/sh', images.product, '-c'];
    expect(await stack.podman(...run, `${left} || true`)).toBe('');
  });

  it('serves what it had after core was restarted', async () => {
    await stack.restart('core');
    await expect(client.verify('compose/app', image, 'v1')).resolves.toBeUndefined();
  });

  it('keeps everything in its volumes when all containers are made anew', async () => {
    await stack.down({ keepVolumes: true });
    await stack.up();
    await expect(client.verify('compose/app', image, 'v1')).resolves.toBeUndefined();
    expect(await client.tags('compose/app')).toEqual(['v1']);
  });
});
