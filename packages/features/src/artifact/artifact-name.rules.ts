import { checkRepositoryName, checkTagName } from '@moorage/contracts';
import { parseDigest } from '@moorage/distribution';

/** Names an artifact of any project. */
export interface ArtifactName {
  readonly project: string;
  /** After the project. */
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** Reads `project/repository:tag` or `project/repository@digest`; null for anything else. */
export function parseArtifactName(text: string): ArtifactName | null {
  const at = text.indexOf('@');
  const colon = text.lastIndexOf(':');
  const end = at >= 0 ? at : colon > text.lastIndexOf('/') ? colon : -1;
  const slash = text.indexOf('/');
  if (end < 0 || slash <= 0 || slash > end) return null;
  const [project, repository, reference] = [text.slice(0, slash), text.slice(slash + 1, end), text.slice(end + 1)];
  const isReference = at >= 0 ? parseDigest(reference) !== null : checkTagName(reference) === null;
  return isReference && checkRepositoryName(repository) === null ? { project, repository, reference } : null;
}
