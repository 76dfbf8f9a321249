import {
  beginPasskey,
  beginTotp,
  confirmTotp,
  createPasskey as addPasskey,
  createRecoveryCodes,
  deleteSecondFactor,
  getSecondFactors,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { createPasskey } from '../../shared/webauthn/passkey.ts';

export function useSecondFactors() {
  return useQuery(objectQuery(getSecondFactors, {}));
}

/** Begins one-time passwords: resolves with the secret an app is given. */
export function useBeginTotp() {
  return useMutation({
    mutationFn: async (password: string) => (await call(beginTotp, { body: { password } })).data,
    gcTime: 0,
  });
}

/** Confirms them with the first code; resolves with recovery codes, if these are the first factor's. */
export function useConfirmTotp() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (code: string) => (await call(confirmTotp, { body: { code } })).data.recovery_codes,
    onSuccess: refresh,
    gcTime: 0,
  });
}

/** Makes a passkey with the browser and adds it; resolves with null when the person gave up. */
export function useAddPasskey() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: { password: string; name: string }): Promise<readonly string[] | null> => {
      const { data: offer } = await call(beginPasskey, { body: { password: input.password } });
      const response = await createPasskey(offer.options);
      if (response === null) return null;
      const body = { transaction: offer.transaction, name: input.name, response };
      return (await call(addPasskey, { body })).data.recovery_codes;
    },
    onSuccess: refresh,
    gcTime: 0,
  });
}

export function useNewRecoveryCodes() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (password: string) =>
      (await call(createRecoveryCodes, { body: { password } })).data.recovery_codes,
    onSuccess: refresh,
    gcTime: 0,
  });
}

export function useRemoveFactor(id: number) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (password: string) => call(deleteSecondFactor, { params: { factor_id: id }, body: { password } }),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const queries = useQueryClient();
  return () => refreshRooms(queries, 'second-factor');
}
