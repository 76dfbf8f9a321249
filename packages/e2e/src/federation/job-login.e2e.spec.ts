import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeWith,
  GITHUB_CLAIMS,
  GITLAB_CLAIMS,
  ImageFactory,
  type JobIssuer,
  RegistryClient,
  startJobIssuer,
} from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerStorage } from '../clients/container-storage.ts';
import { type DockerDaemon, startDockerDaemon } from '../clients/docker-daemon.ts';
import { writeLayout } from '../clients/oci-layout.ts';
import { runnableImage } from '../clients/runnable-image.ts';
import { type Product, startProduct } from '../target/product.ts';
import { runProgram } from '../target/run-program.ts';

const AUDIENCE = 'https://registry.example.com';
const PUSH = [
  { resource: 'repository', action: 'push' },
  { resource: 'repository', action: 'pull' },
];

describeWith(['skopeo'], 'a CI job that has no secret', () => {
  const image = new ImageFactory('federation').image();
  let product: Product;
  let issuer: JobIssuer;
  let directory: string;
  const authFile = () => join(directory, 'auth.json');
  const login = (token: string) =>
    runProgram(
      'skopeo',
      ['login', '--tls-verify=false', '--authfile', authFile(), '-u', 'job', '--password-stdin', product.host],
      { input: token },
    );
  const push = (repository: string) =>
    runProgram('skopeo', [
      '--insecure-policy',
      'copy',
      '--dest-tls-verify=false',
      '--authfile',
      authFile(),
      `oci:${directory}/layout:v1`,
      `docker://${product.host}/${repository}:v1`,
    ]);

  beforeAll(async () => {
    product = await startProduct({ env: { MOORAGE_EGRESS_ALLOW: '127.0.0.1' } });
    issuer = await startJobIssuer();
    directory = join(product.dataDirectory, '..');
    writeLayout(join(directory, 'layout'), image, 'v1');
    for (const name of ['team', 'other']) await product.createProject(name);
    const rules = [
      {
        name: 'github',
        conditions: [
          { claim: 'repository', match: 'equals', values: ['acme/app'] },
          { claim: 'ref', match: 'glob', values: ['refs/heads/main'] },
        ],
      },
      { name: 'gitlab', conditions: [{ claim: 'project_path', match: 'glob', values: ['acme/platform/**'] }] },
    ];
    for (const rule of rules) {
      const { status, body } = await product.api('POST', '/projects/team/federation/rules', {
        ...rule,
        issuer: issuer.url,
        audience: AUDIENCE,
        permissions: [{ kind: 'project', namespace: 'team', access: PUSH }],
      });
      if (status !== 201) throw new Error(`the rule was answered with ${status}: ${body}`);
    }
  });
  afterAll(async () => {
    await issuer?.close();
    await product?.stop();
  });

  it.each([
    ['GitHub Actions', GITHUB_CLAIMS, 'team/github'],
    ['GitLab CI', GITLAB_CLAIMS, 'team/gitlab'],
  ])('signs in with the token of %s as password, pushes, and pulls', async (_name, claims, repository) => {
    const token = issuer.token(claims, AUDIENCE);
    await login(token);
    await push(repository);
    const client = new RegistryClient(product.origin, { username: 'job', password: token });
    await expect(client.verify(repository, image, 'v1')).resolves.toBeUndefined();
    await expect(push('other/app')).rejects.toThrow(/denied|unauthorized|authentication required/);
  });

  it('is not let in with a token of another branch, another audience or another repository', async () => {
    const token = (claims: object, audience = AUDIENCE) => issuer.token({ ...GITHUB_CLAIMS, ...claims }, audience);
    await expect(login(token({ ref: 'refs/pull/7/merge' }))).rejects.toThrow(/unauthorized|invalid username/i);
    await expect(login(token({ repository: 'acme/other' }))).rejects.toThrow(/unauthorized|invalid username/i);
    await expect(login(token({}, 'https://elsewhere.example'))).rejects.toThrow(/unauthorized|invalid username/i);
    await login(token({}));
    expect(readFileSync(authFile(), 'utf8')).toContain(product.host);
  });
});

/** Clients that read the password from their input, keep it, and fetch tokens with it by themselves. */
describeWith(['podman', 'docker', 'dockerd', 'busybox', 'root'], 'a CI job with a container engine', () => {
  let product: Product;
  let issuer: JobIssuer;
  let daemon: DockerDaemon;
  let env: Record<string, string>;

  beforeAll(async () => {
    product = await startProduct({ env: { MOORAGE_EGRESS_ALLOW: '127.0.0.1' } });
    issuer = await startJobIssuer();
    const directory = join(product.dataDirectory, '..');
    env = containerStorage(directory);
    daemon = await startDockerDaemon(directory);
    await product.createProject('team');
    const { status, body } = await product.api('POST', '/projects/team/federation/rules', {
      name: 'github',
      issuer: issuer.url,
      audience: AUDIENCE,
      conditions: [{ claim: 'repository', match: 'equals', values: ['acme/app'] }],
      permissions: [{ kind: 'project', namespace: 'team', access: PUSH }],
    });
    if (status !== 201) throw new Error(`the rule was answered with ${status}: ${body}`);
    const admin = new RegistryClient(product.origin, product.credentials);
    await admin.push('team/base', runnableImage('a job says hello', 'docker'), 'v1');
  });
  afterAll(async () => {
    if (env) await runProgram('podman', ['system', 'reset', '--force'], { env });
    await daemon?.stop();
    await issuer?.close();
    await product?.stop();
  });

  it.each(['docker', 'podman'])('signs in, pulls and pushes with %s and the token of the job', async (engine) => {
    const tls = engine === 'podman' ? ['--tls-verify=false'] : [];
    const run = async (args: readonly string[], input?: string) => {
      const options = input === undefined ? {} : { input };
      const { stdout } =
        engine === 'docker' ? await daemon.docker(args, options) : await runProgram(engine, args, { env, ...options });
      return stdout.trim();
    };
    const login = ['login', ...tls, '-u', 'job', '--password-stdin', product.host];
    const wrong = issuer.token({ ...GITHUB_CLAIMS, repository: 'acme/other' }, AUDIENCE);
    await expect(run(login, wrong)).rejects.toThrow(/unauthorized|invalid username|401/i);
    await run(login, issuer.token(GITHUB_CLAIMS, AUDIENCE));
    const base = `${product.host}/team/base:v1`;
    const mine = `${product.host}/team/of-${engine}:v1`;
    await run(['pull', ...tls, base]);
    await run(['tag', base, mine]);
    await run(['push', ...tls, mine]);
    const { status } = await product.api('GET', `/projects/team/repositories/of-${engine}/artifacts/v1`);
    expect(status).toBe(200);
  });
});
