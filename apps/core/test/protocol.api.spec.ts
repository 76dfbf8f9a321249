import { createProject } from '@moorage/contracts';
import { describeProtocol } from '@moorage/distribution/testing';
import { fetchToken } from './support/registry.ts';
import { ADMIN_PASSWORD, startTestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const PROJECT = 'protocol';

describeProtocol('the product with tokens', async () => {
  const core = await startTestCore();
  await core.admin.call(createProject, { body: { project_name: PROJECT, metadata: { public: 'false' } } });
  const tokens = new Map<string, Promise<string>>();
  return {
    baseUrl: core.url,
    prefix: `${PROJECT}/`,
    authorization: async ({ repositories }) => {
      const scopes = ['registry:catalog:*', ...repositories.map((name) => `repository:${name}:pull,push,delete`)];
      const key = scopes.join(' ');
      const token = tokens.get(key) ?? fetchToken(core, ADMIN, scopes).then((issued) => `Bearer ${issued.token}`);
      tokens.set(key, token);
      return token;
    },
    stop: () => core.stop(),
  };
});
