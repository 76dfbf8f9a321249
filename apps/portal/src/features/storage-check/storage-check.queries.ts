import {
  type Execution,
  listExecutions,
  listExecutionTasks,
  startScrub,
  startStorageScan,
  stopExecution,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { listQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

/** The two looks at the storage, as the job monitor names them. */
const CHECKS = { scan: 'STORAGE_SCAN', scrub: 'STORAGE_SCRUB' } as const;
export type Check = keyof typeof CHECKS;

export function useStartCheck(check: Check) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call(check === 'scan' ? startStorageScan : startScrub, { body: {} }),
    onSuccess: () => refreshRooms(queries, 'storage', 'jobservice'),
  });
}

/** Stops a look; a scrub goes on at its place when it is begun again. */
export function useStopCheck() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(stopExecution, { params: { execution_id: id }, body: { status: 'Stopped' } }),
    onSuccess: () => refreshRooms(queries, 'storage', 'jobservice'),
  });
}

/** The newest run of a look at the storage; undefined while unknown and for never. */
export function useLastRun(check: Check): Execution | undefined {
  const { data } = useQuery(
    listQuery(listExecutions, { query: { page_size: 1, sort: '-id', q: `vendor_type=${CHECKS[check]}` } }),
  );
  return data?.rows[0];
}

/** What a run says of itself while it goes on, as numbers by name. */
export function useRunFacts(run: Execution): Readonly<Record<string, number>> {
  const { data } = useQuery(
    listQuery(listExecutionTasks, { params: { execution_id: run.id }, query: { page_size: 1 } }),
  );
  const facts = Object.entries(data?.rows[0]?.extra_attrs ?? {});
  return Object.fromEntries(facts.filter((fact): fact is [string, number] => typeof fact[1] === 'number'));
}
