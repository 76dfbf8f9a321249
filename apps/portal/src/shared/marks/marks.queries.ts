import {
  addLabel,
  type ArtifactHold,
  createArtifactHold,
  deleteArtifactHold,
  listArtifactHolds,
  listLabels,
  removeLabel,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { listQuery } from '../api/query.ts';
import { refreshRooms } from '../api/refresh-rooms.ts';
import { isStatus } from '../api/problem.ts';

/** An artifact by repository and tag or digest. */
export interface MarkedPlace {
  readonly project: string;
  readonly repository: string;
  readonly reference: string;
}

const paramsOf = (place: MarkedPlace) => ({
  project_name: place.project,
  repository_name: place.repository,
  reference: place.reference,
});

/** The labels one may put on artifacts of a project, the project's own first; more are found by name. */
export function useOfferedLabels(projectId: number | undefined, name = '') {
  const known = projectId !== undefined;
  const paging = { page_size: 50, ...(name === '' ? {} : { name }) };
  const own = useQuery({
    ...listQuery(listLabels, { query: { ...paging, scope: 'p', project_id: projectId ?? 0 } }),
    enabled: known,
  });
  const global = useQuery({ ...listQuery(listLabels, { query: { ...paging, scope: 'g' } }), enabled: known });
  return {
    labels: [...(own.data?.rows ?? []), ...(global.data?.rows ?? [])],
    loading: own.isPending || global.isPending,
  };
}

/** Puts labels on artifacts and takes others off, one after the other; what is so already counts as done. */
export function useMarkArtifacts() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (input: {
      places: readonly MarkedPlace[];
      add: readonly number[];
      remove: readonly number[];
    }) => {
      for (const place of input.places) {
        const params = paramsOf(place);
        for (const id of input.add) {
          await call(addLabel, { params, body: { id } }).catch((error: unknown) => {
            if (!isStatus(error, 409)) throw error;
          });
        }
        for (const label_id of input.remove) {
          await call(removeLabel, { params: { ...params, label_id } }).catch((error: unknown) => {
            if (!isStatus(error, 404)) throw error;
          });
        }
      }
    },
    onSettled: () => refreshRooms(queries, 'artifact', 'label'),
  });
}

export function useHolds(place: MarkedPlace, enabled: boolean) {
  return useQuery({
    ...listQuery(listArtifactHolds, { params: paramsOf(place), query: { page_size: 100, sort: '-id' } }),
    enabled,
  });
}

export interface NewHold {
  readonly kind: ArtifactHold['kind'];
  readonly until?: string;
  readonly reason: string;
}

export function useHoldArtifact(place: MarkedPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (hold: NewHold) => call(createArtifactHold, { params: paramsOf(place), body: hold }),
    onSuccess: () => refreshRooms(queries, 'immutable', 'artifact'),
  });
}

export function useReleaseHold(place: MarkedPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (hold_id: number) => call(deleteArtifactHold, { params: { ...paramsOf(place), hold_id } }),
    onSuccess: () => refreshRooms(queries, 'immutable', 'artifact'),
  });
}
