import {
  type ADDITIONS,
  type Artifact,
  getAddition,
  getArtifact,
  getArtifactConfig,
  getArtifactManifest,
  urlOf,
} from '@moorage/contracts';
import { queryOptions } from '@tanstack/react-query';
import { fetchText } from '../../shared/api/fetch-text.ts';
import { objectQuery } from '../../shared/api/query.ts';

/** An artifact by repository and tag or digest. */
export interface ArtifactPlace {
  readonly project: string;
  readonly repository: string;
  readonly reference: string;
}

/** The place as the API's path names it. */
export const paramsOfArtifact = (place: ArtifactPlace) => ({
  project_name: place.project,
  repository_name: place.repository,
  reference: place.reference,
});

export function artifactQuery(place: ArtifactPlace) {
  return objectQuery(getArtifact, {
    params: paramsOfArtifact(place),
    query: { with_accessory: true, with_label: true, with_immutable_status: true },
  });
}

export function configQuery(place: ArtifactPlace) {
  return objectQuery(getArtifactConfig, { params: paramsOfArtifact(place) });
}

/** The manifest's own bytes as text: what the digest was taken of. */
export function manifestQuery(place: ArtifactPlace) {
  return queryOptions({
    queryKey: ['artifact', 'manifest', paramsOfArtifact(place)] as const,
    queryFn: ({ signal }) => fetchText(urlOf(getArtifactManifest, paramsOfArtifact(place), {}), signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The bytes of an addition as text; whatever it holds was pushed by somebody and is shown as text only. */
export function additionQuery(place: ArtifactPlace, addition: (typeof ADDITIONS)[number]) {
  const params = { ...paramsOfArtifact(place), addition };
  return queryOptions({
    queryKey: ['artifact', 'addition', params] as const,
    queryFn: ({ signal }) => fetchText(urlOf(getAddition, params, {}), signal),
  });
}

/** The children of an index that run somewhere; attestations are listed as children too, with an unknown platform. */
export function platformsOf(artifact: Artifact) {
  return (artifact.references ?? []).filter(
    (child) => child.platform?.os !== undefined && child.platform.os !== '' && child.platform.os !== 'unknown',
  );
}
