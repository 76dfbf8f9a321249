import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { pathId } from '../wire/fields.ts';
import {
  passkeyCreation,
  passkeyOffer,
  passkeyRequest,
  passwordProof,
  pendingLogin,
  recoveryCodes,
  secondFactorProof,
  secondFactors,
  totpConfirmation,
  totpOffer,
} from './second-factor.schema.ts';

const tag = 'second-factor';
/** Nothing to say; an empty object is taken too. */
const nothing = z.strictObject({}).optional();
const ofUser = z.strictObject({ user_id: pathId });

export const getSecondFactors = endpoint({
  id: 'getSecondFactors',
  method: 'GET',
  path: '/users/current/second-factors',
  tag,
  summary: "Show one's own second factors",
  access: { kind: 'signed-in' },
  response: secondFactors,
  status: 200,
  errors: ['FORBIDDEN'],
});

export const beginTotp = endpoint({
  id: 'beginTotp',
  method: 'POST',
  path: '/users/current/second-factors/totp',
  tag,
  summary: 'Begin to set up one-time passwords; they count once the first one was confirmed',
  access: { kind: 'signed-in' },
  interactive: true,
  body: passwordProof,
  response: totpOffer,
  status: 200,
  errors: ['FORBIDDEN', 'CONFLICT', 'PRECONDITION', 'TOO_MANY_REQUESTS'],
});

export const confirmTotp = endpoint({
  id: 'confirmTotp',
  method: 'POST',
  path: '/users/current/second-factors/totp/confirmation',
  tag,
  summary: 'Confirm one-time passwords with the first one; the first second factor brings recovery codes, shown once',
  access: { kind: 'signed-in' },
  interactive: true,
  body: totpConfirmation,
  response: recoveryCodes,
  status: 200,
  errors: ['FORBIDDEN', 'PRECONDITION', 'TOO_MANY_REQUESTS'],
});

export const beginPasskey = endpoint({
  id: 'beginPasskey',
  method: 'POST',
  path: '/users/current/second-factors/passkeys/options',
  tag,
  summary: 'Begin to add a passkey',
  access: { kind: 'signed-in' },
  interactive: true,
  body: passwordProof,
  response: passkeyOffer,
  status: 200,
  errors: ['FORBIDDEN', 'PRECONDITION', 'TOO_MANY_REQUESTS'],
});

export const createPasskey = endpoint({
  id: 'createPasskey',
  method: 'POST',
  path: '/users/current/second-factors/passkeys',
  tag,
  summary: 'Add a passkey; the first second factor brings recovery codes, shown once',
  access: { kind: 'signed-in' },
  interactive: true,
  body: passkeyCreation,
  response: recoveryCodes,
  status: 200,
  errors: ['FORBIDDEN', 'CONFLICT', 'PRECONDITION'],
});

export const createRecoveryCodes = endpoint({
  id: 'createRecoveryCodes',
  method: 'POST',
  path: '/users/current/second-factors/recovery-codes',
  tag,
  summary: 'Make new recovery codes, shown once; the former ones end',
  access: { kind: 'signed-in' },
  interactive: true,
  body: passwordProof,
  response: recoveryCodes,
  status: 200,
  errors: ['FORBIDDEN', 'PRECONDITION', 'TOO_MANY_REQUESTS'],
});

export const deleteSecondFactor = endpoint({
  id: 'deleteSecondFactor',
  method: 'POST',
  path: '/users/current/second-factors/{factor_id}/removal',
  tag,
  summary: "Remove one of one's own second factors; the last one takes the recovery codes with it",
  access: { kind: 'signed-in' },
  interactive: true,
  params: z.strictObject({ factor_id: pathId }),
  body: passwordProof,
  status: 200,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'PRECONDITION', 'TOO_MANY_REQUESTS'],
});

export const getUserSecondFactors = endpoint({
  id: 'getUserSecondFactors',
  method: 'GET',
  path: '/users/{user_id}/second-factors',
  tag,
  summary: "Show a user's second factors",
  access: { kind: 'self', permission: 'user:read' },
  params: ofUser,
  response: secondFactors,
  status: 200,
  errors: ['NOT_FOUND'],
});

export const resetUserSecondFactors = endpoint({
  id: 'resetUserSecondFactors',
  method: 'DELETE',
  path: '/users/{user_id}/second-factors',
  tag,
  summary: 'Remove all second factors of a user who lost them; ends his sessions',
  access: { kind: 'system', permission: 'user:update' },
  interactive: true,
  params: ofUser,
  status: 200,
  errors: ['NOT_FOUND'],
});

/** Knows the sign-in by a cookie that `POST /c/login` set with SECOND_FACTOR_REQUIRED. */
export const getPendingLogin = endpoint({
  id: 'getPendingLogin',
  method: 'GET',
  base: '',
  path: '/c/login/second-factor',
  tag: 'session',
  summary: 'Show what the sign-in under way may be finished with',
  access: { kind: 'public' },
  response: pendingLogin,
  status: 200,
  errors: ['UNAUTHORIZED'],
});

export const requestPasskey = endpoint({
  id: 'requestPasskey',
  method: 'POST',
  base: '',
  path: '/c/login/second-factor/passkey-options',
  tag: 'session',
  summary: 'Ask for a passkey in the sign-in under way',
  access: { kind: 'public' },
  body: nothing,
  response: passkeyRequest,
  status: 200,
  errors: ['UNAUTHORIZED', 'PRECONDITION'],
});

export const finishSignIn = endpoint({
  id: 'finishSignIn',
  method: 'POST',
  base: '',
  path: '/c/login/second-factor',
  tag: 'session',
  summary: 'Finish the sign-in under way with a second factor; answers with the session cookie',
  access: { kind: 'public' },
  body: secondFactorProof,
  status: 200,
  errors: ['UNAUTHORIZED', 'TOO_MANY_REQUESTS'],
});
