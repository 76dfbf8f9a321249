import { join } from 'node:path';
import { DataFile, type Slice } from '../client/data-file.ts';
import { Plan } from '../client/plan.ts';
import { PROJECT } from '../registry/contender.ts';
import type { Equipment, Metric, Scenario } from './workload.ts';

const LARGE = `${PROJECT}/large`;
const MEDIUM = `${PROJECT}/medium`;
const CONNECTIONS = 8;

/** W1–W3: one large blob, many medium ones on eight connections, and a large one in chunks; pushed, then pulled. */
export function blobScenarios({ client, sizes, directory }: Equipment): readonly Scenario[] {
  const data = new DataFile(join(directory, 'blobs.bin'), 'blobs');
  const large = data.addNoise(sizes.largeBlobBytes);
  const medium = Array.from({ length: sizes.mediumBlobs }, () => data.addNoise(sizes.mediumBlobBytes));
  data.close();
  const metric = (id: string, title: string, repository: string, connections: number, plan: Plan): Metric => ({
    id,
    title,
    unit: 'MB/s',
    load: async (registry) => {
      const headers = await registry.authorize({ repositories: [repository] });
      return () => client.run(plan, { port: registry.port, headers, connections, data: data.path });
    },
  });
  const one = size(large.length);
  const many = `${medium.length} × ${size(sizes.mediumBlobBytes)}, ${CONNECTIONS} connections`;
  return [
    {
      id: 'W1',
      store: 'fresh',
      metrics: [
        metric('push-large', `push ${one}`, LARGE, 1, pushes(LARGE, [large])),
        metric('pull-large', `pull ${one}`, LARGE, 1, pulls(LARGE, [large, large, large])),
      ],
    },
    {
      id: 'W2',
      store: 'fresh',
      metrics: [
        metric('push-medium', `push ${many}`, MEDIUM, CONNECTIONS, pushes(MEDIUM, medium)),
        metric('pull-medium', `pull ${many}`, MEDIUM, CONNECTIONS, pulls(MEDIUM, [...medium, ...medium, ...medium])),
      ],
    },
    {
      id: 'W3',
      store: 'fresh',
      metrics: [
        metric(
          'push-chunks',
          `push ${one} in PATCHes of ${size(sizes.patchBytes)}`,
          LARGE,
          1,
          new Plan().unit().patch(LARGE, large, sizes.patchBytes),
        ),
      ],
    },
  ];
}

function pushes(repository: string, blobs: readonly Slice[]): Plan {
  const plan = new Plan();
  for (const blob of blobs) plan.unit().push(repository, blob);
  return plan;
}

function pulls(repository: string, blobs: readonly Slice[]): Plan {
  const plan = new Plan();
  for (const { digest } of blobs) plan.unit().get(`/v2/${repository}/blobs/${digest}`);
  return plan;
}

function size(bytes: number): string {
  const mib = bytes / 1024 / 1024;
  return mib >= 1024 ? `${mib / 1024} GiB` : `${mib} MiB`;
}
