import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What a generated secret is for; its prefix lets leak scanners and people recognise it. */
export const SECRET_PREFIXES = {
  robot: 'mrr_',
  refresh: 'mrt_',
  password: 'mrp_',
  personal: 'moor_pat_',
  cli: 'mrc_',
} as const;
export type SecretKind = keyof typeof SECRET_PREFIXES;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 letters of 62 carry 256 bits. */
const RANDOM_LETTERS = 43;
const CHECKSUM_LETTERS = 6;
/** Bytes from here on would favour the first letters. */
const FAIR_BYTES = 256 - (256 % ALPHABET.length);

/** A random secret of 256 bits: prefix, 43 letters and digits, a checksum of 6. Satisfies the password rule (AUTH-7). */
export function generateSecret(kind: SecretKind): string {
  for (;;) {
    const body = SECRET_PREFIXES[kind] + randomLetters(RANDOM_LETTERS);
    if (/[0-9]/.test(body) && /[A-Z]/.test(body)) return body + checksum(body);
  }
}

/** Whether a text has the form and checksum of a generated secret; says nothing about whether it is one. */
export function isGeneratedSecret(kind: SecretKind, text: string): boolean {
  const length = SECRET_PREFIXES[kind].length + RANDOM_LETTERS + CHECKSUM_LETTERS;
  if (text.length !== length || !text.startsWith(SECRET_PREFIXES[kind])) return false;
  const body = text.slice(0, -CHECKSUM_LETTERS);
  return /^[0-9A-Za-z]+$/.test(body.slice(SECRET_PREFIXES[kind].length)) && text.endsWith(checksum(body));
}

/** Compares two secrets in a time that does not depend on where they differ, nor on their lengths (S7). */
export function equalSecrets(left: string | Buffer, right: string | Buffer): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}

/** SHA-256, for random values of 256 bits that are looked up by hash. */
export function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest();
}

function randomLetters(count: number): string {
  let letters = '';
  while (letters.length < count) {
    for (const byte of randomBytes(count)) {
      if (byte < FAIR_BYTES && letters.length < count) letters += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return letters;
}

function checksum(text: string): string {
  let value = crc32(text);
  let letters = '';
  for (let index = 0; index < CHECKSUM_LETTERS; index++) {
    letters = ALPHABET.charAt(value % ALPHABET.length) + letters;
    value = Math.floor(value / ALPHABET.length);
  }
  return letters;
}
