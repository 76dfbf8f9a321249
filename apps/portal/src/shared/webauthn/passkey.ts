import type { PasskeyAssertion, PasskeyAttestation } from '@moorage/contracts';

/** Whether this browser can make and use passkeys here: it needs a secure context, which `localhost` is too. */
export function passkeysWork(): boolean {
  return typeof PublicKeyCredential === 'function' && 'parseCreationOptionsFromJSON' in PublicKeyCredential;
}

/** Asks the browser for a new passkey. Null when the person gave up or the browser refused. */
export async function createPasskey(options: object): Promise<PasskeyAttestation | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  const made = await ask(() => navigator.credentials.create({ publicKey }));
  return made === null ? null : (made.toJSON() as unknown as PasskeyAttestation);
}

/** Asks the browser to prove a passkey. Null when the person gave up or has none here. */
export async function provePasskey(options: object): Promise<PasskeyAssertion | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  const proven = await ask(() => navigator.credentials.get({ publicKey }));
  return proven === null ? null : (proven.toJSON() as unknown as PasskeyAssertion);
}

async function ask(request: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const credential = await request();
    return credential instanceof PublicKeyCredential ? credential : null;
  } catch (error) {
    // What a person declines or a device cannot do is no failure of the page.
    if (error instanceof DOMException) return null;
    throw error;
  }
}
