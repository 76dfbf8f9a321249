import type { Database } from '@moorage/database';
import type { CollectableBlobStore, UploadSessions, UploadStore } from '@moorage/distribution';
import { auditConsumer, auditPartitionPulse, disabledAuditEvents } from '@moorage/features/audit';
import type { Clock } from '@moorage/features/clock';
import { ExecutionService } from '@moorage/features/execution';
import { discardPulse, garbageProcessors } from '@moorage/features/garbage-collection';
import { ConfirmationService, confirmAccountsPulse } from '@moorage/features/identity-source';
import { purgeLoginsPulse } from '@moorage/features/oidc';
import { deliveryPulse, prunePulse } from '@moorage/features/outbox';
import { foldPullsPulse, prunePullDaysPulse } from '@moorage/features/pull';
import { foldLedgerPulse, proveUsageProcessor, softLimitPulse, usageDayPulse } from '@moorage/features/quota';
import { settleCountersPulse } from '@moorage/features/registry';
import { removalProcessor } from '@moorage/features/removal';
import { retentionProcessors } from '@moorage/features/retention';
import { FactorProofService } from '@moorage/features/second-factor';
import { endRobotsProcessor } from '@moorage/features/robot-expiry';
import { purgeCredentialsProcessor, SessionService } from '@moorage/features/session';
import { SettingsService } from '@moorage/features/settings';
import { closeHealedPulse, storageCheckProcessors } from '@moorage/features/storage-check';
import { heartbeatPulse } from '@moorage/features/system-info';
import { pruneTagHistoryPulse } from '@moorage/features/tag-history';
import { ThrottleService } from '@moorage/features/throttle';
import { RefreshTokenService } from '@moorage/features/token';
import { SigningKeyService } from '@moorage/features/token-key';
import { emptyTrashPulse, purgeTrashProcessor } from '@moorage/features/trash';
import { purgeUploadsProcessor } from '@moorage/features/upload';
import { type Processor, type Pulse, sweepExecutionsProcessor } from '@moorage/jobs';
import type { INestApplicationContext } from '@nestjs/common';

export interface JobParts {
  readonly app: INestApplicationContext;
  readonly database: Database;
  readonly clock: Clock;
  readonly content: {
    readonly blobs: CollectableBlobStore;
    readonly uploads: UploadStore;
    readonly metadata: UploadSessions;
  };
}

/** Everything this process runs: recorded jobs, and the beats that deliver and fold. */
export function roomJobs({ app, database, clock, content }: JobParts): { processors: Processor[]; pulses: Pulse[] } {
  const settings = app.get(SettingsService, { strict: false });
  const audit = auditConsumer(async () => {
    const current = await settings.get();
    return disabledAuditEvents(current.disabled_audit_log_event_types, current.pull_audit_log_disable);
  });
  const credentials = {
    sessions: app.get(SessionService, { strict: false }),
    refreshTokens: app.get(RefreshTokenService, { strict: false }),
    attempts: app.get(ThrottleService, { strict: false }),
    pendingLogins: app.get(FactorProofService, { strict: false }),
  };
  const keys = app.get(SigningKeyService, { strict: false });
  const collection = { database, blobs: content.blobs, settings, executions: new ExecutionService(database) };
  return {
    processors: [
      purgeUploadsProcessor(content, clock),
      endRobotsProcessor(database, settings, clock),
      ...retentionProcessors(database, () => settings.get()),
      removalProcessor(database, () => settings.get()),
      purgeCredentialsProcessor(credentials, () => keys.rotateIfDue()),
      sweepExecutionsProcessor(database),
      proveUsageProcessor(database),
      ...garbageProcessors(collection),
      ...storageCheckProcessors(collection),
      purgeTrashProcessor(database),
    ],
    pulses: [
      deliveryPulse(database, audit),
      prunePulse(database, [audit]),
      auditPartitionPulse(database, clock),
      foldPullsPulse(database),
      prunePullDaysPulse(database),
      foldLedgerPulse(database),
      softLimitPulse(database, settings),
      usageDayPulse(database, clock),
      settleCountersPulse(database),
      pruneTagHistoryPulse(database),
      emptyTrashPulse(database, async () => (await settings.get()).read_only),
      heartbeatPulse(database),
      confirmAccountsPulse(app.get(ConfirmationService, { strict: false })),
      purgeLoginsPulse(database, clock),
      discardPulse(collection),
      closeHealedPulse(database),
    ],
  };
}
