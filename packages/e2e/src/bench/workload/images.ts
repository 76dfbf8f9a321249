import { join } from 'node:path';
import { DataFile, type Slice } from '../client/data-file.ts';
import { addSmallImage, MANIFEST_TYPE, type SmallImage } from '../client/image.ts';
import { Plan } from '../client/plan.ts';
import { PROJECT, type RunningRegistry } from '../registry/contender.ts';
import { type Equipment, type Scenario, sendAll } from './workload.ts';

const CONNECTIONS = 16;
const REPOSITORIES = Array.from({ length: 8 }, (_, number) => `${PROJECT}/image-${number}`);
const BASE = `${PROJECT}/base`;
const SCOPE = { repositories: [BASE, ...REPOSITORIES] };

/** W4 and W5: small images as clients push them, all unique, and with two of three layers already known. */
export function imageScenarios({ client, sizes, directory }: Equipment): readonly Scenario[] {
  const data = new DataFile(join(directory, 'images.bin'), 'images');
  const base = addSmallImage(data, 'base');
  const shared = base.layers.slice(0, 2);
  const unique = Array.from({ length: sizes.images }, (_, number) => addSmallImage(data, `unique-${number}`));
  const layered = Array.from({ length: sizes.images }, (_, number) => addSmallImage(data, `layered-${number}`, shared));
  data.close();
  const send = async (registry: RunningRegistry, plan: Plan) => {
    const headers = await registry.authorize(SCOPE);
    return () => client.run(plan, { port: registry.port, headers, connections: CONNECTIONS, data: data.path });
  };
  const load = (plan: Plan) => (registry: RunningRegistry) => send(registry, plan);
  const shape = `${sizes.images} images of 1 KB + 3 × 10 KiB, ${CONNECTIONS} connections`;
  return [
    {
      id: 'W4',
      store: 'fresh',
      metrics: [{ id: 'images-unique', title: `push ${shape}`, unit: 'images/s', load: load(pushAll(unique, [])) }],
    },
    {
      id: 'W5',
      store: 'fresh',
      seed: async (registry) => sendAll((await send(registry, prepareBase(base)))()),
      metrics: [
        {
          id: 'images-shared',
          title: `push ${shape}, 2 of 3 layers shared`,
          unit: 'images/s',
          load: load(pushAll(layered, shared)),
        },
      ],
    },
  ];
}

/** What clients send per image: a HEAD per blob, an upload for what is missing, then the manifest. */
function pushAll(images: readonly SmallImage[], shared: readonly Slice[]): Plan {
  const plan = new Plan();
  images.forEach((image, number) => {
    const repository = repositoryOf(number);
    plan.unit();
    for (const layer of shared) {
      if (number % 2 === 0) plan.mount(repository, layer.digest, BASE);
      else plan.head(`/v2/${repository}/blobs/${layer.digest}`);
    }
    for (const blob of [image.config, ...image.layers.slice(shared.length)]) {
      plan.miss(`/v2/${repository}/blobs/${blob.digest}`).push(repository, blob);
    }
    plan.manifest(repository, `v${number}`, MANIFEST_TYPE, image.manifest);
  });
  return plan;
}

/** The base image in a repository of its own, its layers known everywhere. */
function prepareBase(base: SmallImage): Plan {
  const plan = new Plan().unit();
  for (const blob of [base.config, ...base.layers]) plan.push(BASE, blob);
  plan.manifest(BASE, 'latest', MANIFEST_TYPE, base.manifest);
  for (const repository of REPOSITORIES) for (const { digest } of base.layers) plan.mount(repository, digest, BASE);
  return plan;
}

function repositoryOf(number: number): string {
  return REPOSITORIES[number % REPOSITORIES.length] ?? BASE;
}
