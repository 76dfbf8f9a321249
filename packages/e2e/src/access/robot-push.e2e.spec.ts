import { join } from 'node:path';
import { describeWith, ImageFactory, RegistryClient } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeLayout } from '../clients/oci-layout.ts';
import { type Product, startProduct } from '../target/product.ts';
import { runProgram } from '../target/run-program.ts';

interface Robot {
  readonly id: number;
  readonly name: string;
  readonly secret: string;
}

const PUSH = [
  { resource: 'repository', action: 'push' },
  { resource: 'repository', action: 'pull' },
];

describeWith(['skopeo'], 'a robot that pushes into a project', () => {
  const image = new ImageFactory('robot').image();
  let product: Product;
  let robot: Robot;
  let layout: string;
  const skopeo = (...args: string[]) => runProgram('skopeo', ['--insecure-policy', 'copy', ...args]);
  const push = (who: string, repository: string) =>
    skopeo(
      '--dest-tls-verify=false',
      '--dest-creds',
      who,
      `oci:${layout}:v1`,
      `docker://${product.host}/${repository}:v1`,
    );
  const pull = (repository: string, ...args: string[]) =>
    skopeo(
      '--src-tls-verify=false',
      ...args,
      `docker://${product.host}/${repository}:v1`,
      `dir:${layout}-${Date.now()}`,
    );
  const whole = () => `${robot.name}:${robot.secret}`;

  beforeAll(async () => {
    product = await startProduct();
    layout = join(product.dataDirectory, '..', 'layout');
    writeLayout(layout, image, 'v1');
    for (const name of ['own', 'other']) await product.createProject(name);
    const made = await product.api('POST', '/robots', {
      name: 'builder',
      level: 'project',
      duration: 30,
      permissions: [{ kind: 'project', namespace: 'own', access: PUSH }],
    });
    if (made.status !== 201) throw new Error(`POST /robots answered ${made.status}: ${made.body}`);
    robot = JSON.parse(made.body) as Robot;
  });
  afterAll(() => product?.stop());

  it('is named after its project, and pushes and pulls there', async () => {
    expect(robot.name).toBe('robot$own+builder');
    await push(whole(), 'own/app');
    await pull('own/app', '--src-creds', whole());
    const client = new RegistryClient(product.origin, { username: robot.name, password: robot.secret });
    await expect(client.verify('own/app', image, 'v1')).resolves.toBeUndefined();
  });

  it('is refused in another project and with another secret', async () => {
    await expect(push(whole(), 'other/app')).rejects.toThrow(/denied|unauthorized|authentication required/);
    await expect(push(`${robot.name}:Wrong-secret-1`, 'own/app')).rejects.toThrow(/unauthorized|invalid username/i);
  });

  it('is refused when it is switched off, and again accepted when switched on', async () => {
    const change = async (disable: boolean) => {
      const current = JSON.parse((await product.api('GET', `/robots/${robot.id}`)).body);
      const { status, body } = await product.api('PUT', `/robots/${robot.id}`, { ...current, disable });
      expect(status, body).toBe(200);
    };
    await change(true);
    await expect(push(whole(), 'own/late')).rejects.toThrow(/unauthorized|invalid username/i);
    await change(false);
    await expect(push(whole(), 'own/late')).resolves.toBeDefined();
  });

  it('shows its pushes to nobody until the project is public, and then to everybody', async () => {
    await push(whole(), 'own/shared');
    await expect(pull('own/shared', '--src-no-creds')).rejects.toThrow(/denied|unauthorized|authentication required/);
    const changed = await product.api('PUT', '/projects/own', { metadata: { public: 'true' } });
    expect(changed.status, changed.body).toBe(200);
    await expect(pull('own/shared', '--src-no-creds')).resolves.toBeDefined();
  });
});
