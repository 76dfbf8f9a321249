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
import { writeLayout } from '../clients/oci-layout.ts';
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
