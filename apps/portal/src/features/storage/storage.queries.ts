import { createGCSchedule, stopGC, updateGCSchedule } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { USUAL_TIMES, timingOf } from '../../shared/job/cron.rules.ts';

const ROOM = 'gc';

export interface CollectionWish {
  readonly dryRun: boolean;
  readonly untagged: boolean;
  readonly workers: number;
}

function parametersOf(wish: CollectionWish) {
  return { delete_untagged: wish.untagged, dry_run: wish.dryRun, workers: wish.workers };
}

/** Collects now. Resolves with the run's id. */
export function useCollect() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (wish: CollectionWish) => {
      const body = { schedule: { type: 'Manual' as const }, parameters: parametersOf(wish) };
      const { headers } = await call(createGCSchedule, { body });
      return Number(headers.get('location')?.split('/').at(-1) ?? Number.NaN);
    },
    onSuccess: () => refreshRooms(queries, ROOM, 'jobservice'),
  });
}

/** Sets when garbage is collected; an empty cron text: no more by itself. */
export function useScheduleCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { cron: string; wish: CollectionWish }) => {
      const type = timingOf(input.cron);
      const cron = type === 'None' ? '' : type === 'Custom' ? input.cron : USUAL_TIMES[type];
      return call(updateGCSchedule, { body: { schedule: { type, cron }, parameters: parametersOf(input.wish) } });
    },
    onSuccess: () => refreshRooms(queries, ROOM, 'schedule'),
  });
}

export function useStopCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (gc_id: number) => call(stopGC, { params: { gc_id }, body: {} }),
    onSuccess: () => refreshRooms(queries, ROOM, 'jobservice'),
  });
}
