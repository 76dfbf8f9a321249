import { setTimeout as sleep } from 'node:timers/promises';
import { ArtifactFactory, contentOf, ImageFactory, jsonContent, RegistryClient } from '@moorage/testing';
import type { Product } from '../target/product.ts';

/** Where what was smuggled in would leave its mark, and what tries to. */
export const TRAP = 'self.trapped = []; self.trap = (mark) => { self.trapped.push(String(mark)); };';
const ELSEWHERE = 'https://elsewhere.example';
const README = `# Shop

**Bold** [link](https://example.com/docs) [bad](javascript:trap(1)) [data](data:text/html;base64,PHNjcmlwdD4=)

![logo](${ELSEWHERE}/logo.png) ![x](x"onerror="trap(2)) <img src=x onerror=trap(3)>

<script>trap(4)</script><iframe srcdoc="<script>parent.trap(5)</script>"></iframe>
<style>*{display:none}</style><svg onload=trap(6)><math><mtext><img src=x onerror=trap(7)></mtext></math>

| ${Array.from({ length: 40 }, (_unused, index) => `column${index}`).join(' | ')} |
| ${'--- | '.repeat(40)}
${Array.from({ length: 60 }, (_unused, row) => `| ${`cell${row} | `.repeat(40)}`).join('\n')}

${'> '.repeat(200)}deep

- one
- <a href=javascript:trap(8)>two</a>
`;

const LABELS = ['reviewed', 'base-image', `long-${'name-'.repeat(10)}`];
const EVERYTHING = [{ kind: 'glob', excludes: false, pattern: '**' }];
const NO_CONDITION = {
  tagged: 'any',
  tags: [],
  has_tags: [],
  versions: null,
  labels: [],
  types: [],
  artifact_types: [],
  pushed_within_days: null,
  pushed_before_days: null,
  pulled_within_days: null,
  not_pulled_for_days: null,
  larger_than_bytes: null,
  smaller_than_bytes: null,
};

/** Runs that were started, for pages that show one. */
export interface FilledProject {
  readonly removal: number;
  readonly retention: number;
  readonly collection: number;
  readonly rule: number;
}

/**
 * Fills a project `harbour` with a bit of everything an artifact's life has: a multi-arch image, signatures, bills of
 * materials, a chart and a model with hostile readmes, labels, rules, moved tags, trash, and runs of every kind.
 */
export async function fillProject(product: Product): Promise<FilledProject> {
  const must = async (status: number, method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await product.api(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
    return answer.body;
  };
  const firstId = async (path: string) => {
    const [first] = JSON.parse(await must(200, 'GET', path)) as { id: number }[];
    if (first === undefined) throw new Error(`${path} is empty`);
    return first.id;
  };
  await product.createProject('harbour');
  await product.createProject('quay');
  await must(200, 'PUT', '/configurations', { gc_grace_seconds: 0 });
  await pushEverything(new RegistryClient(product.origin, product.credentials));
  await must(200, 'PUT', '/projects/harbour/repositories/web', { description: README });
  const { project_id } = JSON.parse(await must(200, 'GET', '/projects/harbour')) as { project_id: number };
  for (const name of LABELS) {
    await must(201, 'POST', '/labels', { name, color: '#0065AB', description: name, scope: 'p', project_id });
    const id = await firstId(`/labels?scope=p&project_id=${project_id}&name=${name}`);
    await must(200, 'POST', '/projects/harbour/repositories/web/artifacts/v2/labels', { id });
  }
  await must(201, 'POST', '/labels', { name: 'global', color: '#C92100', scope: 'g' });
  await must(201, 'POST', '/projects/harbour/immutabletagrules', {
    tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v1*' }],
    scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
  });
  const rule = { disabled: false, repositories: EVERYTHING, claims: false, priority: 0 };
  await must(200, 'PUT', '/projects/harbour/retention', {
    unit: 'tag',
    confirm_share: 100,
    cron: '0 0 0 * * *',
    rules: [
      {
        ...rule,
        name: 'newest',
        action: 'retain',
        select: NO_CONDITION,
        newest: { count: 8, by: 'pushed', per: 'repository' },
      },
      {
        ...rule,
        name: '',
        action: 'delete',
        select: { ...NO_CONDITION, tagged: 'untagged', pushed_before_days: 7 },
        newest: null,
      },
    ],
  });
  await must(201, 'POST', '/projects/harbour/retention/runs', { dry_run: true });
  for (const gone of ['b-0/tags/b-0', 'b-1'])
    await must(200, 'DELETE', `/projects/harbour/repositories/web/artifacts/${gone}`);
  const removal = { mode: 'untag', matching: { kind: 'tags', q: 'name=~c-' } };
  const { id } = JSON.parse(await must(201, 'POST', '/projects/harbour/repositories/web/removals/runs', removal)) as {
    id: number;
  };
  await must(200, 'DELETE', '/projects/quay/repositories/gone');
  await must(200, 'PUT', `/quotas/${await firstId('/quotas?q=name%3Dharbour')}`, { hard: { storage: 200 * 1024 } });
  await must(201, 'POST', '/system/gc/schedule', { schedule: { type: 'Manual' }, parameters: { dry_run: true } });
  await must(201, 'POST', '/system/storage/scans', {});
  await must(201, 'POST', '/system/storage/scrubs', {});
  await runsEnd(product);
  return {
    removal: id,
    retention: await firstId('/projects/harbour/retention/runs'),
    collection: await firstId('/system/gc'),
    rule: await firstId('/projects/harbour/immutabletagrules'),
  };
}

async function pushEverything(client: RegistryClient): Promise<void> {
  const images = new ImageFactory('filled');
  const factory = new ArtifactFactory(images);
  const shared = images.seededLayer(6_000);
  const on = (architecture: string) =>
    images.image({ layers: [shared, images.seededLayer(9_000)], platform: { os: 'linux', architecture } });
  await client.push('harbour/tools/multi', images.index([on('amd64'), on('arm64')]), 'v1', 'latest');
  for (const name of ['a', 'b', 'c'])
    for (let count = 0; count < 6; count++)
      await client.push(
        'harbour/web',
        images.image({ layers: [shared], run: { Env: [`N=${name}${count}`] } }),
        `${name}-${count}`,
      );
  await client.push(
    'harbour/web',
    images.image({ layers: [shared, images.seededLayer(20_000)], run: { Env: ['MODE=calm'] } }),
    'v1',
    'moving',
  );
  const run = { Env: ['MODE=storm', 'NEW=1'], Cmd: ['serve'], Labels: { a: 'b' }, ExposedPorts: { '8080/tcp': {} } };
  const second = images.image({ layers: [shared, images.seededLayer(60_000)], run });
  await client.push('harbour/web', second, 'v2', 'moving');
  const subject = second.root.descriptor;
  const packages = Array.from({ length: 30 }, (_unused, index) => ({ name: `package-${index}`, versionInfo: '1.0' }));
  const sbom = jsonContent('application/spdx+json', { spdxVersion: 'SPDX-2.3', packages });
  await client.push(
    'harbour/web',
    factory.artifact({ artifactType: 'application/spdx+json', layers: [sbom], subject }),
  );
  await client.push('harbour/web', factory.attestation(subject));
  await client.push('harbour/web', factory.cosignBundle(subject));
  const chart = [
    {
      path: 'shop/Chart.yaml',
      content: 'name: shop\ndependencies:\n- name: db\n  version: "1"\n  repository: oci://x/y\n',
    },
    { path: 'shop/values.yaml', content: 'replicas: 2 # <script>trap(9)</script>\n' },
    { path: 'shop/README.md', content: README },
  ];
  await client.push(
    'harbour/charts/shop',
    factory.artifact({
      config: jsonContent('application/vnd.cncf.helm.config.v1+json', {
        name: 'shop',
        version: '1.0.0',
        apiVersion: 'v2',
      }),
      layers: [images.layer(chart, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip').content],
    }),
    'v1',
  );
  const file = (path: string, text: string) =>
    contentOf('application/vnd.cncf.model.doc.v1.raw', Buffer.from(text), {
      annotations: { 'org.cncf.model.filepath': path },
    });
  await client.push(
    'harbour/models/tiny',
    factory.artifact({
      artifactType: 'application/vnd.cncf.model.manifest.v1+json',
      config: jsonContent('application/vnd.cncf.model.config.v1+json', { descriptor: { name: 'tiny' } }),
      layers: [file('README.md', README), file('LICENSE', 'MIT'), file('weights/part.bin', 'x')],
    }),
    'v1',
  );
  await client.push('quay/gone', images.image(), 'v1');
}

async function runsEnd(product: Product): Promise<void> {
  for (let look = 0; look < 120; look++) {
    const { body } = await product.api('GET', '/executions?page_size=100');
    const states = (JSON.parse(body) as { status: string }[]).map(({ status }) => status);
    if (states.every((status) => ['Success', 'Error', 'Stopped'].includes(status))) return;
    await sleep(500);
  }
  throw new Error('the runs do not end');
}
