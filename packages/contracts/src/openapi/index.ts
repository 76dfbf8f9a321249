export { ENDPOINTS } from '../endpoints.ts';
export { buildOpenApi } from './openapi.ts';
export { errorsPage, permissionsPage } from './reference.ts';
