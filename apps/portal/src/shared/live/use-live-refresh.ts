import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from './use-live.ts';

/** Which rooms' answers an event makes old, by the room in its name. */
const CONCERNS: Readonly<Record<string, readonly string[]>> = {
  artifact: ['artifact', 'repository', 'project', 'statistic', 'user', 'immutable'],
  tag: ['artifact', 'repository', 'project'],
  repository: ['repository', 'project', 'statistic'],
  project: ['project', 'projectMetadata', 'statistic'],
  member: ['member', 'project', 'session'],
  quota: ['project', 'quota'],
  robot: ['robot', 'project'],
  label: ['label', 'artifact'],
  'immutable-rule': ['immutable', 'artifact'],
  user: ['user', 'session'],
};

const GATHER_MS = 300;

/**
 * Loads what is shown again when events say that it is old. A burst of events costs one load. `skip` names events that
 * the page itself announces instead, so that rows do not jump.
 */
export function useLiveRefresh(topics: readonly string[], skip: readonly string[] = []): void {
  const queries = useQueryClient();
  const rooms = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const flush = () => {
    timer.current = undefined;
    const old = rooms.current;
    rooms.current = new Set();
    if (old.has('*')) void queries.invalidateQueries();
    else void queries.invalidateQueries({ predicate: (query) => old.has(String(query.queryKey[0])) });
  };

  useLive(topics, (signal) => {
    if (signal.kind === 'reload') rooms.current.add('*');
    else if (!skip.includes(signal.event.name)) {
      const [room = ''] = signal.event.name.split('.');
      for (const concerned of CONCERNS[room] ?? []) rooms.current.add(concerned);
    }
    if (rooms.current.size > 0) timer.current ??= setTimeout(flush, GATHER_MS);
  });

  useEffect(() => () => clearTimeout(timer.current), []);
}
