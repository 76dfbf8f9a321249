import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { searchResult } from './search.schema.ts';

export const search = endpoint({
  id: 'search',
  method: 'GET',
  path: '/search',
  tag: 'search',
  summary: 'Find projects and repositories by part of their name, among those the caller may see',
  access: { kind: 'public' },
  query: z.strictObject({ q: z.string().max(255) }),
  response: searchResult,
  status: 200,
  errors: [],
});
