import {
  getConfigurations,
  listAuditLogEventTypes,
  type SettingKey,
  type Settings,
  updateConfigurations,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

const configurationQuery = objectQuery(getConfigurations, {});

/** The settings' values, and which of them the environment has pinned. */
export function useConfiguration() {
  return useQuery({
    ...configurationQuery,
    select: (items) => {
      const entries = Object.entries(items) as [SettingKey, { value: unknown; editable: boolean }][];
      return {
        values: Object.fromEntries(entries.map(([key, item]) => [key, item.value])) as Settings,
        pinned: new Set(entries.filter(([, item]) => !item.editable).map(([key]) => key)),
      };
    },
  });
}

export function useSaveConfiguration() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: Partial<Settings>) => call(updateConfigurations, { body: changes }),
    onSuccess: () => refreshRooms(queries, 'configure', 'systeminfo'),
  });
}

/** Names of the events the audit log knows. */
export function useEventTypes() {
  return useQuery({
    ...objectQuery(listAuditLogEventTypes, {}),
    staleTime: Number.POSITIVE_INFINITY,
    select: (rows) => rows.map((row) => row.event_type),
  });
}
