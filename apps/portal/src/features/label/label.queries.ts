import { createLabel, deleteLabel, type Label, updateLabel } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

/** The project whose labels are meant, or null for the global ones. */
export type LabelScope = { readonly projectId: number; readonly project: string } | null;

export interface LabelDraft {
  readonly name: string;
  readonly description: string;
  readonly color: string;
}

/** Makes a label, or changes the one given. */
export function useSaveLabel(scope: LabelScope, saved: Label | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (draft: LabelDraft) => {
      if (saved !== null) {
        await call(updateLabel, { params: { label_id: saved.id }, body: draft });
        return;
      }
      const place = scope === null ? { scope: 'g' as const } : { scope: 'p' as const, project_id: scope.projectId };
      await call(createLabel, { body: { ...draft, ...place } });
    },
    onSuccess: () => refreshRooms(queries, 'label', 'artifact'),
  });
}

export function useDeleteLabel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (label: Label) => call(deleteLabel, { params: { label_id: label.id } }),
    onSuccess: () => refreshRooms(queries, 'label', 'artifact'),
  });
}
