import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { EventHub, type Signal } from './event-hub.ts';

/** The tab's stream. The fetch is looked up at each call, so that a test can stand in for it. */
const eventHub = new EventHub({ fetch: (input, init) => fetch(input, init) });

if (typeof window !== 'undefined') window.addEventListener('online', () => eventHub.wake());

/** Follows topics such as `project:7` while the component is shown. Empty text stands for "not known yet". */
export function useLive(topics: readonly string[], listener: (signal: Signal) => void): void {
  const hear = useEffectEvent(listener);
  const key = topics.filter((topic) => topic !== '').join('\n');
  useEffect(() => {
    const leave = key
      .split('\n')
      .filter((topic) => topic !== '')
      .map((topic) => eventHub.subscribe(topic, (signal) => hear(signal)));
    return () => {
      for (const stop of leave) stop();
    };
  }, [key]);
}

/** The state of the stream, for the chip. */
export function useLiveState() {
  return useSyncExternalStore(
    (changed) => eventHub.onState(changed),
    () => eventHub.state,
  );
}
