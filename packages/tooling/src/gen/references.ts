import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationReference, environmentExample } from '@moorage/config';
import { buildOpenApi, ENDPOINTS, errorsPage, permissionsPage } from '@moorage/contracts/openapi';
import { ROOT } from '../root.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** Every file that is made from the code, by path from the top folder, with the text it must have. */
export const GENERATED: Readonly<Record<string, () => string>> = {
  '.env.example': environmentExample,
  'docs/reference/configuration.md': configurationReference,
  'docs/reference/errors.md': errorsPage,
  'docs/reference/openapi.json': () => `${JSON.stringify(buildOpenApi(ENDPOINTS, version), null, 2)}\n`,
  'docs/reference/permissions.md': () => permissionsPage(ENDPOINTS),
};
