import {
  createUser,
  deleteUser,
  deleteUserToken,
  endUserSession,
  endUserSessions,
  resetUserSecondFactors,
  setUserSysAdmin,
  updateUserPassword,
} from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly realname: string;
  readonly password: string;
}

export function useCreateUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (user: NewUser) => call(createUser, { body: user }),
    onSuccess: () => refreshRooms(queries, 'user'),
  });
}

export function useSetAdmin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { id: number; admin: boolean }) =>
      call(setUserSysAdmin, { params: { user_id: input.id }, body: { sysadmin_flag: input.admin } }),
    onSuccess: () => refreshRooms(queries, 'user'),
  });
}

export function useResetPassword(id: number) {
  return useMutation({
    mutationFn: (password: string) =>
      call(updateUserPassword, { params: { user_id: id }, body: { new_password: password } }),
  });
}

export function useDeleteUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deleteUser, { params: { user_id: id } }),
    onSuccess: () => refreshRooms(queries, 'user', 'member'),
  });
}

export function useEndSessions() {
  return useMutation({ mutationFn: (id: number) => call(endUserSessions, { params: { user_id: id } }) });
}

export function useEndUserSession(userId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call(endUserSession, { params: { user_id: userId, session_id: id } }),
    onSuccess: () => refreshRooms(queries, 'user-session'),
  });
}

export function useDeleteUserToken(userId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deleteUserToken, { params: { user_id: userId, token_id: id } }),
    onSuccess: () => refreshRooms(queries, 'personal-token'),
  });
}

/** For a person who lost app, passkeys and recovery codes. */
export function useResetFactors() {
  return useMutation({ mutationFn: (id: number) => call(resetUserSecondFactors, { params: { user_id: id } }) });
}
