import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { isDigest } from '../wire/names.ts';

/** An icon as Harbor answers it. */
export const icon = z
  .object({
    'content-type': z.string(),
    /** Base64. */
    content: z.string(),
  })
  .meta({ id: 'Icon' });

export const getIcon = endpoint({
  id: 'getIcon',
  method: 'GET',
  path: '/icons/{digest}',
  tag: 'icon',
  summary: 'Get the icon that artifacts and accessories name',
  access: { kind: 'public' },
  params: z.strictObject({
    digest: z.string().refine((value) => isDigest(value), { error: 'is not a sha256 or sha512 digest' }),
  }),
  response: icon,
  status: 200,
  errors: ['NOT_FOUND'],
});
