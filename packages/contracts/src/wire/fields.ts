import { z } from 'zod';
import { checkRepositoryName, checkTagName, isDigest, MAX_NAME_LENGTH } from './names.ts';

/** Reads a positive decimal integer written in its only canonical form; NaN for `01`, `1.0`, `1e0`, ` 1` and above 2^53-1. */
export function parseStrictInteger(text: string): number {
  const value = /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Largest id the database gives out; a larger number is a mistake of the caller, not of the server. */
export const MAX_ID = 2_147_483_647;

/** A numeric id in a path. Written strictly, so that one object has one address (S48). */
export const pathId = z.preprocess(
  (value: number | string) => (typeof value === 'string' ? parseStrictInteger(value) : value),
  z.int('must be a whole number above 0').min(1).max(MAX_ID),
);

/** A numeric id in a query. */
export const queryId = pathId;

/** A yes or no in a query: `true` or `false`, also `1` and `0`. */
export const queryFlag = z.preprocess((value: boolean | string) => {
  if (value === 'true' || value === '1') return true;
  return value === 'false' || value === '0' ? false : value;
}, z.boolean('must be true or false'));

/** Text in a query, at most 1024 characters. */
export const queryText = z.string().max(1024);

/** A parameter that may be repeated; a single value is a list of one. At most 64. */
export function queryTexts(maxLength: number) {
  return z.preprocess(
    (value: string | readonly string[]) => (typeof value === 'string' ? [value] : value),
    z.array(z.string().max(maxLength)).max(64),
  );
}

/** A time in an answer: rooms give a Date, the wire carries ISO 8601 in UTC. */
export const time = z.preprocess(
  (value: Date | string) => (value instanceof Date ? value.toISOString() : value),
  z.string().meta({ format: 'date-time' }),
);

/** A time in a body that clients send back with the whole object; nobody writes it. */
export const sentBackTime = z.string().max(64).nullish();

/** A number of bytes. */
export const bytes = z.int().min(0);

/** A key clients are known to send that means nothing here: accepted, and dropped before the room sees it. */
export function ignored(description: string) {
  return z
    .unknown()
    .transform(() => undefined)
    .optional()
    .meta({ description });
}

/** Name or id of a project in a path. Which of the two it is, the server decides (PRJ-1). */
export const projectNameOrId = z.string().min(1).max(MAX_NAME_LENGTH);
/** Name of a project in a path. */
export const projectName = z.string().min(1).max(MAX_NAME_LENGTH);

const MAX_ENCODED_NAME = 3 * MAX_NAME_LENGTH;

/** Repository name in a path: the router took one encoding off, this takes the second (API-4). */
export const repositoryName = z.preprocess(
  decodeOnce,
  z
    .string()
    .max(MAX_NAME_LENGTH)
    .refine((value) => checkRepositoryName(value) === null, {
      error: 'is not a repository name; write it without the project, and encode each / twice (%252F)',
    }),
);

/** A tag or a digest in a path. */
export const reference = z.string().refine((value) => isDigest(value) || checkTagName(value) === null, {
  error: 'is neither a tag nor a sha256 or sha512 digest',
});

/** A tag in a path. */
export const tagName = z.string().refine((value) => checkTagName(value) === null, { error: 'is not a tag' });

/** Takes one percent-encoding off; text that is not well encoded stays as it is and fails the name rule. */
function decodeOnce(value: string): string {
  if (typeof value !== 'string' || value.length > MAX_ENCODED_NAME || !value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Path of a project: by name or id. */
export const projectParams = z.strictObject({ project_name_or_id: projectNameOrId });
/** Path of a repository. */
export const repositoryParams = z.strictObject({ project_name: projectName, repository_name: repositoryName });
/** Path of an artifact. */
export const artifactParams = repositoryParams.extend({ reference });

/** Platform of an image, as in an OCI index. */
export const platform = z
  .object({
    architecture: z.string().optional(),
    os: z.string().optional(),
    'os.version': z.string().optional(),
    'os.features': z.array(z.string()).optional(),
    variant: z.string().optional(),
  })
  .meta({ id: 'Platform' });
export type Platform = z.infer<typeof platform>;
