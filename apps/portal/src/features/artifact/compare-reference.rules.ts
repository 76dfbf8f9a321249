import type { ArtifactPlace } from './artifact.queries.ts';

/** Reads `project/repository:tag` or `project/repository@digest`; null for anything else. */
export function placeOfReference(text: string): ArtifactPlace | null {
  const match = /^([^/@:\s]+)\/([^@:\s]+)(?:@(sha(?:256|512):[0-9a-f]+)|:([\w][\w.-]*))$/.exec(text.trim());
  const [, project, repository, digest, tag] = match ?? [];
  const reference = digest ?? tag;
  if (project === undefined || repository === undefined || reference === undefined) return null;
  return { project, repository, reference };
}

/** Writes what {@link placeOfReference} reads. */
export function referenceOfPlace(place: ArtifactPlace): string {
  const mark = place.reference.includes(':') ? '@' : ':';
  return `${place.project}/${place.repository}${mark}${place.reference}`;
}
