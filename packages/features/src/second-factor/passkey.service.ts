import { AppError, type PasskeyAssertion, type PasskeyAttestation } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { type RelyingParty, relyingPartyAt } from './second-factor.rules.ts';
import type { StoredPasskey } from './second-factor.store.ts';

const RELYING_PARTY_NAME = 'Moorage';
/** COSE numbers of ES256, EdDSA and RS256: what authenticators make. */
const ALGORITHMS = [-7, -8, -257];

/** A passkey that a browser proved to hold. */
export interface NewPasskey {
  readonly credentialId: Buffer;
  readonly publicKey: Buffer;
  readonly signCount: number;
  readonly transports: readonly string[];
}

/** Passkeys (WebAuthn level 3): what browsers are asked, and whether their answers hold. Keeps nothing. */
@Injectable()
export class PasskeyService {
  /** Options for `navigator.credentials.create`, with a new challenge. Throws PRECONDITION at a bare IP address. */
  async offer(
    url: string,
    user: { readonly username: string; readonly handle: Buffer },
    present: readonly StoredPasskey[],
  ): Promise<{ challenge: string; options: Record<string, unknown> }> {
    const options = await generateRegistrationOptions({
      rpName: RELYING_PARTY_NAME,
      rpID: requireParty(url).id,
      userName: user.username,
      userID: new Uint8Array(user.handle),
      attestationType: 'none',
      supportedAlgorithmIDs: ALGORITHMS,
      excludeCredentials: present.map(describe),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    });
    return { challenge: options.challenge, options: { ...options } };
  }

  /** The passkey an answer of the browser proves; null when it proves none for this challenge and address. */
  async accept(url: string, response: PasskeyAttestation, challenge: string): Promise<NewPasskey | null> {
    const party = requireParty(url);
    const { clientDataJSON, attestationObject, transports = [] } = response.response;
    const verified = await valid(() =>
      verifyRegistrationResponse({
        response: {
          id: response.id,
          rawId: response.rawId,
          type: response.type,
          response: { clientDataJSON, attestationObject },
          clientExtensionResults: {},
        },
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        supportedAlgorithmIDs: ALGORITHMS,
        // It stands beside a password: possession is what it proves.
        requireUserVerification: false,
      }),
    );
    if (!verified?.verified) return null;
    const { credential } = verified.registrationInfo;
    return {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      transports,
    };
  }

  /** Options for `navigator.credentials.get`, with a new challenge. Throws PRECONDITION at a bare IP address. */
  async request(
    url: string,
    present: readonly StoredPasskey[],
  ): Promise<{ challenge: string; options: Record<string, unknown> }> {
    const options = await generateAuthenticationOptions({
      rpID: requireParty(url).id,
      allowCredentials: present.map(describe),
      userVerification: 'preferred',
    });
    return { challenge: options.challenge, options: { ...options } };
  }

  /** Which of the passkeys answered, and its new counter; null when the answer does not hold. */
  async check(
    url: string,
    response: PasskeyAssertion,
    challenge: string,
    present: readonly StoredPasskey[],
  ): Promise<{ id: number; signCount: number } | null> {
    const party = requireParty(url);
    const passkey = present.find(({ credentialId }) => credentialId.toString('base64url') === response.id);
    if (!passkey) return null;
    const { clientDataJSON, authenticatorData, signature } = response.response;
    const verified = await valid(() =>
      verifyAuthenticationResponse({
        response: {
          id: response.id,
          rawId: response.rawId,
          type: response.type,
          response: { clientDataJSON, authenticatorData, signature },
          clientExtensionResults: {},
        },
        expectedChallenge: challenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        credential: {
          id: response.id,
          publicKey: new Uint8Array(passkey.publicKey),
          counter: passkey.signCount,
        },
        requireUserVerification: false,
      }),
    );
    return verified?.verified ? { id: passkey.id, signCount: verified.authenticationInfo.newCounter } : null;
  }
}

function describe(passkey: StoredPasskey): { id: string; transports: string[] } {
  return { id: passkey.credentialId.toString('base64url'), transports: [...passkey.transports] };
}

function requireParty(url: string): RelyingParty {
  const party = relyingPartyAt(url);
  if (party) return party;
  throw new AppError(
    'PRECONDITION',
    'Browsers know no passkeys at a bare IP address: open the portal by its host name, or use an authenticator app.',
  );
}

/** The library throws for whatever is wrong with an answer; all of it is somebody else's input. */
async function valid<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch {
    return null;
  }
}
