import type { RestorationRequest } from './trash.queries.ts';

/** What a person wants done about things in the way. */
export interface RestorationWishes {
  /** New names by taken tag; null leaves the tag out. */
  readonly tags: ReadonlyMap<string, string | null>;
  readonly skipTaken: boolean;
  readonly merge: boolean;
  /** Another repository of the project. */
  readonly repository: string | undefined;
}

export const NO_WISHES: RestorationWishes = {
  tags: new Map(),
  skipTaken: false,
  merge: false,
  repository: undefined,
};

/** The request for these wishes; a name that is still being typed is left out. */
export function restorationOf(wishes: RestorationWishes): RestorationRequest {
  const named = [...wishes.tags].filter(([, as]) => as !== '');
  return {
    merge: wishes.merge,
    skip_taken_tags: wishes.skipTaken,
    tags: named.map(([name, as]) => ({ name, as })),
    ...(wishes.repository ? { repository: wishes.repository } : {}),
  };
}
