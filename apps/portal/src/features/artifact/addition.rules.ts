import type { Artifact } from '@moorage/contracts';
import type { ArtifactView } from './artifact-search.ts';

/** The views that show an addition, by its name on the wire (ART-6). */
const ADDITION_OF = {
  readme: 'readme.md',
  values: 'values.yaml',
  dependencies: 'dependencies',
  license: 'license',
  files: 'files',
} as const;
export type AdditionView = keyof typeof ADDITION_OF;

export const ADDITION_VIEWS = Object.keys(ADDITION_OF) as readonly AdditionView[];

export function additionName(view: AdditionView): (typeof ADDITION_OF)[AdditionView] {
  return ADDITION_OF[view];
}

/** The views an artifact has: an image has layers and a history, a chart its values, and so on. */
export function viewsOf(artifact: Pick<Artifact, 'addition_links' | 'references' | 'type'>): readonly ArtifactView[] {
  const has = (name: string) => Object.hasOwn(artifact.addition_links, name);
  const runs = artifact.type === 'IMAGE' || (artifact.references?.length ?? 0) > 0 || has('build_history');
  return [
    ...(runs ? (['layers', 'config', 'history'] as const) : []),
    ...ADDITION_VIEWS.filter((view) => has(ADDITION_OF[view])),
    'referrers',
    'raw',
  ];
}
