import type { LiveEvent } from '@moorage/contracts';
import type { RepositorySearch } from './repository-search.ts';

/** The rows of the list of tags that an event brings or moves: one for each tag of a push. */
export function tagRowsOf(event: LiveEvent): number {
  return event.name === 'artifact.pushed' ? tagsOf(event) : 0;
}

/**
 * The rows of the list of artifacts that an event brings: a push of what is stored already brings none, and clients that
 * push by digest first tag it by a second push.
 */
export function artifactRowsOf(event: LiveEvent, tagged: RepositorySearch['tagged']): number {
  if (event.name !== 'artifact.pushed') return 0;
  const brings = tagged === 'tagged' ? tagsOf(event) > 0 : event.data.created === true;
  return brings ? 1 : 0;
}

function tagsOf(event: LiveEvent): number {
  return Array.isArray(event.data.tags) ? event.data.tags.length : 0;
}
