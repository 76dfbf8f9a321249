import { Database } from '@moorage/database';
import { createRegistry, type Registry } from '@moorage/distribution';
import type { FilesystemContentStores } from '@moorage/distribution/stores';
import type { ExternalAddress } from '@moorage/features/http';
import { PullRecorder } from '@moorage/features/pull';
import { registryLimits, SqlMetadataStore } from '@moorage/features/registry';
import { SettingsService } from '@moorage/features/settings';
import { RegistryGate } from '@moorage/features/token';
import type { INestApplicationContext } from '@nestjs/common';
import { originOf } from '../http/request-origin.ts';
import type { Logger } from '@moorage/features/platform';
import { RegistryAccess } from './registry-access.ts';

export interface OpenRegistry extends Pick<Registry, 'handler' | 'checkContinue'> {
  /** Writes the pulls that were counted. */
  close(): Promise<void>;
}

/** Puts the engine on the product's stores: bytes in the data directory, everything else in PostgreSQL, rights by the rooms. */
export function openRegistry(
  app: INestApplicationContext,
  options: { content: FilesystemContentStores; address: ExternalAddress; logger: Logger },
): OpenRegistry {
  const { content, address, logger } = options;
  const settings = app.get(SettingsService, { strict: false });
  const database = app.get(Database, { strict: false });
  const report = (message: string) => (error: unknown) => logger.error(message, { error });
  const pulls = new PullRecorder(database, { onError: report('pulls not recorded') });
  const access = new RegistryAccess(app.get(RegistryGate, { strict: false }), settings);
  const registry = createRegistry({
    blobs: content.blobs,
    uploads: content.uploads,
    metadata: new SqlMetadataStore(database, content.blobs, registryLimits(settings)),
    hooks: {
      authorize: (message, _request, needed) => access.authorize(message, originOf(message), needed),
      afterManifestRead: (context, read) => pulls.record(context, read),
      onError: (request, error) => logger.error('registry request failed', { request_id: request.id, error }),
    },
    ...(address.isConfigured ? { externalUrl: new URL(address.url) } : {}),
    describeRequest: (message) => {
      const origin = originOf(message);
      return { id: origin.requestId, address: origin.address, userAgent: origin.userAgent };
    },
  });
  return {
    handler: registry.handler,
    checkContinue: registry.checkContinue,
    close: () => pulls.close(),
  };
}
