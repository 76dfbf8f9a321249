import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINTS } from '../endpoints.ts';
import { buildOpenApi } from './openapi.ts';
import { errorsPage, permissionsPage } from './reference.ts';

const root = join(import.meta.dirname, '../../../..');
const folder = join(root, 'docs/reference');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'openapi.json'), `${JSON.stringify(buildOpenApi(ENDPOINTS, version), null, 2)}\n`);
writeFileSync(join(folder, 'errors.md'), errorsPage());
writeFileSync(join(folder, 'permissions.md'), permissionsPage(ENDPOINTS));
