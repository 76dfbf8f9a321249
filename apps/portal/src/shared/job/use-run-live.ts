import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { refreshRooms } from '../api/refresh-rooms.ts';
import { useLive, useLiveState } from '../live/use-live.ts';

const GATHER_MS = 400;

/**
 * Loads what the named rooms answered again whenever the run, or with 'all' any run, has something to tell. Undefined:
 * nothing is followed yet.
 */
export function useRunLive(run: number | 'all' | undefined, ...rooms: readonly string[]): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const topic = run === undefined ? '' : run === 'all' ? 'executions' : `execution:${run}`;
  useLive([topic], () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void refreshRooms(queries, ...rooms);
    }, GATHER_MS);
  });
  // What happened after the page was loaded and before the stream began to be followed is not told by it: a short run
  // may have ended in between.
  const live = useLiveState() === 'live';
  const names = rooms.join(' ');
  useEffect(() => {
    if (live && topic !== '') void refreshRooms(queries, ...names.split(' '));
  }, [live, topic, names, queries]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
