import { updateUserPassword, updateUserProfile, type User } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export function useSaveProfile(user: User) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (profile: { email: string; realname: string; comment: string }) =>
      call(updateUserProfile, { params: { user_id: user.user_id }, body: profile }),
    onSuccess: () => refreshRooms(queries, 'session', 'user'),
  });
}

/** Changes one's own password; other sessions end, this one goes on. */
export function useChangePassword(user: User) {
  return useMutation({
    mutationFn: (input: { old: string; next: string }) =>
      call(updateUserPassword, {
        params: { user_id: user.user_id },
        body: { old_password: input.old, new_password: input.next },
      }),
  });
}
