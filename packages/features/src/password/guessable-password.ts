/** First guesses at this product beside the world's. */
const OWN = [
  'harbor12345',
  'moorage123',
  'moorage1234',
  'moorage12345',
  'registry123',
  'registry1234',
  'registry12345',
];
/** What eight characters leave without their punctuation is hardly ever shorter. */
const SHORTEST = 6;
const EDGES = /^[^a-z0-9]+|[^a-z0-9]+$/g;

let known: Promise<ReadonlySet<string>> | null = null;

/**
 * Whether a password is one of the 50,000 that are tried first, or only the name or address of its user (S3). Case and
 * punctuation around it do not make it another: they are the first thing a guesser varies.
 */
export async function isGuessablePassword(password: string, names: readonly string[] = []): Promise<boolean> {
  const passwords = await (known ??= readList());
  const folded = password.toLowerCase();
  const core = folded.replace(EDGES, '');
  const own = names.flatMap((name) => [name, name.split('@', 1)[0] as string]).map((name) => name.toLowerCase());
  return [folded, core].some((text) => text !== '' && (passwords.has(text) || own.includes(text)));
}

/** Read when the first password is set: a server that only serves does not carry the list. */
async function readList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const long = dictionary['passwords-common'].filter((password) => String(password).length >= SHORTEST);
  return new Set([...long.map((password) => String(password).toLowerCase()), ...OWN]);
}
