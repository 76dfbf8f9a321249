import type { Artifact } from '@moorage/contracts';
import type { ArtifactView } from './artifact-search.ts';
import { kindOfAccessory } from './referrer-kind.rules.ts';

/** The views that show an addition, by its name on the wire (ART-6). */
const ADDITION_OF = {
  readme: 'readme.md',
  values: 'values.yaml',
  dependencies: 'dependencies',
  license: 'license',
  files: 'files',
  sbom: 'sbom',
} as const;
export type AdditionView = keyof typeof ADDITION_OF;

/** Those that belong to the type of an artifact; a bill of materials may belong to any. */
const OF_TYPE = ['readme', 'values', 'dependencies', 'license', 'files'] as const satisfies readonly AdditionView[];

export function additionName(view: AdditionView): (typeof ADDITION_OF)[AdditionView] {
  return ADDITION_OF[view];
}

/** The views an artifact has: an image has layers and a history, a chart its values, and so on. */
export function viewsOf(
  artifact: Pick<Artifact, 'accessories' | 'addition_links' | 'references' | 'type'>,
): readonly ArtifactView[] {
  const has = (name: string) => Object.hasOwn(artifact.addition_links, name);
  const runs = artifact.type === 'IMAGE' || (artifact.references?.length ?? 0) > 0 || has('build_history');
  const hasSbom = (artifact.accessories ?? []).some((accessory) => kindOfAccessory(accessory) === 'sbom');
  return [
    ...(runs ? (['layers', 'config', 'history'] as const) : []),
    ...OF_TYPE.filter((view) => has(ADDITION_OF[view])),
    ...(hasSbom ? (['sbom'] as const) : []),
    'referrers',
    'raw',
  ];
}
