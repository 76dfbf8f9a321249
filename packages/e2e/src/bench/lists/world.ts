import { createHash } from 'node:crypto';
import { PROJECT } from '../registry/contender.ts';

/** How much content a product holds while its lists are measured. */
export interface World {
  /** In all projects, those of the large repository and the referrers among them. */
  readonly artifacts: number;
  /** Of the large repository; each of an artifact of its own. */
  readonly tags: number;
  readonly projects: number;
  /** Of one artifact. */
  readonly referrers: number;
}

/** Promised in issue 4. */
export const FULL_WORLD: World = { artifacts: 1_000_000, tags: 100_000, projects: 1_000, referrers: 10_000 };
export const QUICK_WORLD: World = { artifacts: 100_000, tags: 20_000, projects: 200, referrers: 2_000 };

export const SHARE = 100;
/** In each project but the one of the bench. */
export const REPOSITORIES_PER_PROJECT = 10;
export const LARGE = `${PROJECT}/large`;
export const SIGNED = `${PROJECT}/signed`;

/** The same at one hundredth. */
export function hundredth({ artifacts, tags, projects, referrers }: World): World {
  return {
    artifacts: artifacts / SHARE,
    tags: tags / SHARE,
    projects: projects / SHARE,
    referrers: referrers / SHARE,
  };
}

/** Tags of the large repository by number, oldest first. */
export function tagName(number: number): string {
  return `v${number % 50}.${number % 7}.${number}`;
}

/** Digests follow from names, so that both sides know them: here that of a tag of the large repository. */
export function digestOf(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}
