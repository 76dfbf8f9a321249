import { endOtherSessions, endOwnSession } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(endOwnSession, { params: { session_id: id } }),
    onSuccess: () => refreshRooms(queries, 'user-session'),
  });
}

export function useEndOtherSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call(endOtherSessions, {}),
    onSuccess: () => refreshRooms(queries, 'user-session'),
  });
}
