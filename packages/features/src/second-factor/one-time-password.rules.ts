import { Secret, TOTP } from 'otpauth';

/** What every authenticator app reads. */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const ISSUER = 'Moorage';
/** Clocks of telephones differ; a code of the step before or after is taken too. */
const WINDOW = 1;

/** What an authenticator app is given. */
export function totpOffer(secret: Buffer, username: string): { secret: string; uri: string } {
  const totp = totpOf(secret, username);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/** The time step a code belongs to; null when it belongs to none near now. */
export function stepOfCode(secret: Buffer, code: string, now: Date): number | null {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  return delta === null ? null : Math.floor(now.getTime() / 1000 / FORM.period) + delta;
}

function totpOf(secret: Buffer, label: string): TOTP {
  const bytes = new Uint8Array(secret).buffer;
  return new TOTP({ ...FORM, issuer: ISSUER, label, secret: new Secret({ buffer: bytes }) });
}
