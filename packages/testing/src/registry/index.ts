export type { Credentials } from './authorization.ts';
export { type HttpResponse, type RequestBody, type RequestOptions, sendRequest } from './http-request.ts';
export { type PulledManifest, RegistryClient, type Repeatable } from './registry-client.ts';
