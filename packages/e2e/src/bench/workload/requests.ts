import { join } from 'node:path';
import { DataFile, type Slice } from '../client/data-file.ts';
import { addSmallImage, MANIFEST_TYPE, type SmallImage } from '../client/image.ts';
import { Plan, planOf } from '../client/plan.ts';
import { runWrk } from '../client/wrk.ts';
import { PROJECT, type RunningRegistry, type Scope } from '../registry/contender.ts';
import { type Equipment, type Metric, type Scenario, sendAll } from './workload.ts';

const ONE = `${PROJECT}/one`;
const MANY = `${PROJECT}/many`;
const CLONE = `${PROJECT}/clone`;
const CONNECTIONS = 32;
const SEED_CONNECTIONS = 16;
const ACCEPT = `Accept: ${MANIFEST_TYPE}`;
const SCOPE: Scope = { repositories: [ONE, MANY], catalog: true };

/** W6–W8 and W10: requests without many bytes, on few and on many tags and repositories. */
export function requestScenarios(equipment: Equipment): readonly Scenario[] {
  const { sizes, directory } = equipment;
  const data = new DataFile(join(directory, 'requests.bin'), 'requests');
  const image = addSmallImage(data, 'one');
  const doomed = Array.from({ length: sizes.deletions * 40 }, (_, number) =>
    data.addText(
      `{"schemaVersion":2,"mediaType":"${MANIFEST_TYPE}","config":${configOf(image)},"layers":[],"annotations":{"n":"${number}"}}`,
    ),
  );
  data.close();
  const content: Content = { image, doomed: doomed.map(({ digest }) => digest), data: data.path };
  return [
    {
      id: 'W6',
      store: 'warm',
      seed: async (registry) => {
        const send = async (plan: Plan, scope: Scope = SCOPE) =>
          sendAll(
            equipment.client.run(plan, {
              port: registry.port,
              headers: await registry.authorize(scope),
              connections: SEED_CONNECTIONS,
              data: data.path,
            }),
          );
        await send(firstImage(image));
        await send(tags(image, sizes.tags));
        await send(manifests(doomed));
        await cloneRepositories(registry, send, image, sizes.repositories);
      },
      metrics: [...readMetrics(equipment, content), ...listMetrics(equipment), deletion(equipment, content)],
    },
  ];
}

interface Content {
  readonly image: SmallImage;
  readonly doomed: readonly string[];
  readonly data: string;
}

function readMetrics(equipment: Equipment, { image }: Content): readonly Metric[] {
  const { sizes } = equipment;
  const byTag = [`/v2/${ONE}/manifests/latest`];
  const byDigest = [`/v2/${ONE}/manifests/${image.manifest.digest}`];
  const byTags = Array.from({ length: sizes.tags }, (_, number) => `/v2/${MANY}/manifests/${tag(number)}`);
  const config = [`/v2/${ONE}/blobs/${image.config.digest}`];
  const layer = [`/v2/${ONE}/blobs/${image.layers[0]?.digest}`];
  const get = (id: string, title: string, paths: readonly string[]): Metric => ({
    id,
    title,
    unit: 'req/s',
    load: async (registry) => {
      const headers = [ACCEPT, ...(await registry.authorize(SCOPE))];
      const { port } = registry;
      const settings = { port, headers, connections: CONNECTIONS, seconds: sizes.seconds };
      return () => runWrk(paths, { ...settings, directory: equipment.directory });
    },
  });
  const head = (id: string, title: string, paths: readonly string[]): Metric => ({
    id,
    title,
    unit: 'req/s',
    load: timed(equipment, planOf('head', paths), CONNECTIONS),
  });
  return [
    get('manifest-get-tag', 'manifest GET by tag', byTag),
    get('manifest-get-tags', `manifest GET by ${sizes.tags} tags`, byTags),
    get('manifest-get-digest', 'manifest GET by digest', byDigest),
    head('manifest-head-tag', 'manifest HEAD by tag', byTag),
    head('manifest-head-digest', 'manifest HEAD by digest', byDigest),
    head('blob-head', 'blob HEAD', layer),
    get('config-get', 'GET of a 1 KB blob', config),
  ];
}

function listMetrics(equipment: Equipment): readonly Metric[] {
  const { tags, repositories } = equipment.sizes;
  const page = (id: string, title: string, path: string): Metric => ({
    id,
    title,
    unit: 'req/s',
    load: timed(equipment, planOf('get', [path]), 1),
  });
  const list = `/v2/${MANY}/tags/list?n=100`;
  return [
    page('tags-first', `tags/list, first 100 of ${tags}`, list),
    page('tags-deep', `tags/list, 100 after tag ${Math.floor(tags * 0.9)}`, `${list}&last=${tag(tags * 0.9)}`),
    page('catalog-first', `catalog, first 100 of ${repositories}`, '/v2/_catalog?n=100'),
    page(
      'catalog-deep',
      `catalog, 100 after repository ${Math.floor(repositories * 0.9)}`,
      `/v2/_catalog?n=100&last=${clone(repositories * 0.9)}`,
    ),
  ];
}

/** Deletes other manifests in every run, in a repository that has as many tags as the lists. */
function deletion({ client, sizes }: Equipment, { doomed }: Content): Metric {
  const used = new Map<number, number>();
  return {
    id: 'manifest-delete',
    title: `manifest DELETE by digest in a repository of ${sizes.tags} tags`,
    unit: 'req/s',
    load: async (registry) => {
      const headers = await registry.authorize(SCOPE);
      const from = used.get(registry.rootPid) ?? 0;
      used.set(registry.rootPid, from + sizes.deletions);
      const paths = doomed.slice(from, from + sizes.deletions).map((digest) => `/v2/${MANY}/manifests/${digest}`);
      return () => client.run(planOf('delete', paths), { port: registry.port, headers, connections: 1 });
    },
  };
}

function timed({ client, sizes }: Equipment, plan: Plan, connections: number): Metric['load'] {
  return async (registry: RunningRegistry) => {
    const headers = [ACCEPT, ...(await registry.authorize(SCOPE))];
    return () => client.run(plan, { port: registry.port, headers, connections, seconds: sizes.seconds });
  };
}

function firstImage(image: SmallImage): Plan {
  const plan = new Plan().unit();
  for (const repository of [ONE, MANY]) {
    for (const blob of [image.config, ...image.layers]) plan.push(repository, blob);
    plan.manifest(repository, 'latest', MANIFEST_TYPE, image.manifest);
  }
  return plan;
}

function tags(image: SmallImage, count: number): Plan {
  const plan = new Plan();
  for (let number = 0; number < count; number++) {
    plan.unit().manifest(MANY, tag(number), MANIFEST_TYPE, image.manifest);
  }
  return plan;
}

function manifests(doomed: readonly Slice[]): Plan {
  const plan = new Plan();
  for (const manifest of doomed) plan.unit().manifest(MANY, manifest.digest, MANIFEST_TYPE, manifest);
  return plan;
}

const CLONES_PER_TOKEN = 40;

/** Many repositories with an image each: where the registry knows no quicker way, one by one as a client makes them. */
async function cloneRepositories(
  registry: RunningRegistry,
  send: (plan: Plan, scope: Scope) => Promise<void>,
  image: SmallImage,
  count: number,
): Promise<void> {
  const names = Array.from({ length: count }, (_, number) => clone(number));
  if (registry.cloneRepository) {
    for (const name of names) registry.cloneRepository(ONE, name);
    return;
  }
  for (let first = 0; first < count; first += CLONES_PER_TOKEN) {
    const some = names.slice(first, first + CLONES_PER_TOKEN);
    const plan = new Plan();
    for (const name of some) {
      plan.unit();
      for (const blob of [image.config, ...image.layers]) plan.mount(name, blob.digest, ONE);
      plan.manifest(name, 'latest', MANIFEST_TYPE, image.manifest);
    }
    await send(plan, { repositories: [ONE, ...some] });
  }
}

function configOf({ config }: SmallImage): string {
  return JSON.stringify({
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: config.digest,
    size: config.length,
  });
}

function tag(number: number): string {
  return `v${String(Math.floor(number)).padStart(6, '0')}`;
}

function clone(number: number): string {
  return `${CLONE}-${String(Math.floor(number)).padStart(6, '0')}`;
}
