export { anonymousHooks } from './anonymous-hooks.ts';
export * from './digest.ts';
export { RegistryError, type RegistryErrorCode, type RegistryErrorOptions } from './error.ts';
export type { RequestListener } from './http/handler.ts';
export type { ProgressLimits } from './http/progress-guard.ts';
export { applyServerSettings, REGISTRY_SERVER_OPTIONS } from './http/server-settings.ts';
export * from './manifest.ts';
export { inspectJson, type JsonLimits, MANIFEST_JSON_LIMITS } from './manifest/json-gate.ts';
export {
  DOCKER_MANIFEST,
  DOCKER_MANIFEST_LIST,
  OCI_IMAGE_INDEX,
  OCI_IMAGE_MANIFEST,
} from './manifest/media-type.ts';
export { type ParsedManifest, parseManifest } from './manifest/parse-manifest.ts';
export type { Operations } from './operations/index.ts';
export { purgeUploads } from './operations/purge-uploads.ts';
export * from './ports/index.ts';
export * from './reference.ts';
export { createRegistry, type Registry, type RegistryLimits, type RegistryOptions } from './registry.ts';
