import {
  type AnswerOf,
  type getKeptBytes,
  type getScrubState,
  type listKeptBlobs,
  type listStorageFindings,
} from '@moorage/contracts';
import { Database } from '@moorage/database';
import { type JobDefinition, planTask } from '@moorage/jobs';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { ExecutionService, scheduleObjectOf, ScheduleService } from '../execution/index.ts';
import { GARBAGE_COLLECTION } from '../garbage-collection/index.ts';
import { type Caller, type ListRequest, nameOf, Page, type ProjectRef } from '../http/index.ts';
import { appendEvents } from '../outbox/index.ts';
import { collectableAfterSeconds } from '../registry/index.ts';
import { SettingsService } from '../settings/index.ts';
import { scrubPercent } from './check-share.rules.ts';
import { type KeptBlob, KeptBlobStore } from './kept-blob.store.ts';
import { ScrubStateStore } from './scrub-state.store.ts';
import { STORAGE_SCAN, STORAGE_SCRUB, scanStorageJob, scrubStorageJob } from './storage-check.jobs.ts';
import { type StorageFinding, StorageFindingStore } from './storage-finding.store.ts';

/** Why bytes are kept, and whether they are what they should be. */
@Injectable()
export class StorageCheckService {
  readonly #kept: KeptBlobStore;
  readonly #findings: StorageFindingStore;
  readonly #scrub: ScrubStateStore;
  readonly #settings: SettingsService;
  readonly #executions: ExecutionService;
  readonly #schedules: ScheduleService;
  readonly #clock: Clock;

  constructor(
    database: Database,
    settings: SettingsService,
    executions: ExecutionService,
    schedules: ScheduleService,
    clock: Clock,
  ) {
    this.#kept = new KeptBlobStore(database);
    this.#findings = new StorageFindingStore(database);
    this.#scrub = new ScrubStateStore(database);
    this.#settings = settings;
    this.#executions = executions;
    this.#schedules = schedules;
    this.#clock = clock;
  }

  async keptBytes(project: ProjectRef): Promise<AnswerOf<typeof getKeptBytes>> {
    const { gc_grace_seconds: grace } = await this.#settings.get();
    const totals = await this.#kept.totals(project.id, collectableAfterSeconds(grace));
    const nextCollection = await this.#nextCollection();
    return {
      reasons: [...totals.reasons],
      manifest_bytes: totals.manifestBytes,
      uploads: totals.uploads,
      upload_bytes: totals.uploadBytes,
      grace_seconds: grace,
      ...(nextCollection === null ? {} : { next_collection_time: nextCollection }),
    };
  }

  async keptBlobs(project: ProjectRef, request: ListRequest): Promise<Page<AnswerOf<typeof listKeptBlobs>[number]>> {
    const { gc_grace_seconds: grace } = await this.#settings.get();
    const { rows, total } = await this.#kept.list(project.id, collectableAfterSeconds(grace), request);
    const nextCollection = await this.#nextCollection();
    return new Page(
      rows.map((blob) => keptBlobAnswer(blob, nextCollection)),
      total,
    );
  }

  /** When garbage is collected next; null when only by hand. */
  async #nextCollection(): Promise<string | null> {
    const schedule = await this.#schedules.find({ vendorType: GARBAGE_COLLECTION, vendorId: 0 });
    return scheduleObjectOf(schedule?.enabled ? schedule : null, this.#clock.now()).next_scheduled_time ?? null;
  }

  async findings(request: ListRequest): Promise<Page<AnswerOf<typeof listStorageFindings>[number]>> {
    const { rows, total } = await this.#findings.list(request);
    return new Page(rows.map(findingAnswer), total);
  }

  async scrubState(): Promise<AnswerOf<typeof getScrubState>> {
    const { scrub_bytes_per_second: pace } = await this.#settings.get();
    const state = await this.#scrub.read();
    return {
      bytes_per_second: pace,
      ...(state.passStartedAt ? { pass_started_at: state.passStartedAt } : {}),
      ...(state.passStartedAt ? { pass_percent: scrubPercent(state.position) } : {}),
      pass_blobs: state.passBlobs,
      pass_bytes: state.passBytes,
      pass_corrupt: state.passCorrupt,
      ...(state.lastPassEndedAt ? { last_pass_ended_at: state.lastPassEndedAt } : {}),
      last_pass_blobs: state.lastPassBlobs,
      last_pass_bytes: state.lastPassBytes,
      last_pass_corrupt: state.lastPassCorrupt,
      damaged_blobs: state.damagedBlobs,
    };
  }

  startScan(caller: Caller): Promise<number> {
    return this.#start(caller, STORAGE_SCAN, scanStorageJob);
  }

  startScrub(caller: Caller): Promise<number> {
    return this.#start(caller, STORAGE_SCRUB, scrubStorageJob);
  }

  /** Throws CONFLICT while one is under way. */
  #start(caller: Caller, vendorType: string, job: JobDefinition<Record<string, never>>): Promise<number> {
    const audit = auditEntry(caller, { resourceType: 'storage-check', resource: job.name, operation: 'start' });
    return this.#executions.startAlone(
      { vendorType, vendorId: 0, trigger: 'Manual', createdBy: nameOf(caller.principal), tasks: [planTask(job, {})] },
      (transaction) =>
        appendEvents(transaction, [{ name: 'storage-check.started', projectId: null, data: { job: job.name }, audit }]),
    );
  }
}

function keptBlobAnswer(blob: KeptBlob, nextCollection: string | null): AnswerOf<typeof listKeptBlobs>[number] {
  const until = blob.reason === 'unneeded' ? nextCollection : blob.keptUntil;
  return {
    digest: blob.digest,
    size: blob.size,
    reason: blob.reason,
    ...(blob.repository === null ? {} : { repository_name: blob.repository }),
    ...(blob.artifactDigest === null ? {} : { artifact_digest: blob.artifactDigest }),
    ...(blob.trashItemId === null ? {} : { trash_item_id: blob.trashItemId }),
    ...(until === null ? {} : { kept_until: until }),
  };
}

function findingAnswer(finding: StorageFinding): AnswerOf<typeof listStorageFindings>[number] {
  return {
    id: finding.id,
    problem: finding.problem,
    digest: finding.digest,
    size: finding.size,
    state: finding.state,
    detail: finding.detail,
    ...(finding.executionId === null ? {} : { execution_id: finding.executionId }),
    creation_time: finding.foundAt,
    ...(finding.resolvedAt === null ? {} : { resolved_time: finding.resolvedAt }),
    repositories: [...finding.repositories],
  };
}
