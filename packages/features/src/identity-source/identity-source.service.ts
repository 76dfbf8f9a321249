import { randomUUID } from 'node:crypto';
import {
  AppError,
  type BodyOf,
  type createIdentitySource,
  type IdentitySource,
  SOURCE_KINDS,
  type SourceKind,
  type testIdentitySource,
  type updateIdentitySource,
} from '@moorage/contracts';
import type { Transaction } from '@moorage/database';
import { Injectable } from '@nestjs/common';
import { auditEntry } from '../audit/index.ts';
import { Clock } from '../clock/index.ts';
import { GroupMembershipService } from '../group/index.ts';
import { type Caller, type ListRequest, Page } from '../http/index.ts';
import type { DomainEvent } from '../outbox/index.ts';
import { regularExpressionMatcher } from '../pattern/index.ts';
import { KeyRing } from '../secret/index.ts';
import { ExternalAccountStore } from './external-account.store.ts';
import {
  type AnySource,
  auditedSource,
  type MergedFields,
  mergeFields,
  missingFields,
  secretToGiveAgain,
  settingsOfKind,
  type SourceChange,
  sourceAnswer,
  sourceConfiguration,
} from './identity-source.rules.ts';
import { IdentitySourceStore, type SourceRow, type SourceValues } from './identity-source.store.ts';
import type { SourceDraft } from './source-kinds.ts';

/** For how long a process may use sources another process has changed. */
const FRESH_MS = 2_000;
const FIRST_NAMES: Readonly<Record<SourceKind, string>> = { oidc: 'OIDC', ldap: 'LDAP', auth_proxy: 'Auth proxy' };

/** The places accounts come from beside the local database. */
@Injectable()
export class IdentitySourceService {
  readonly #store: IdentitySourceStore;
  readonly #accounts: ExternalAccountStore;
  readonly #groups: GroupMembershipService;
  readonly #keys: KeyRing;
  readonly #clock: Clock;
  #loaded: { readonly at: number; readonly sources: Promise<readonly AnySource[]> } | null = null;

  constructor(
    store: IdentitySourceStore,
    accounts: ExternalAccountStore,
    groups: GroupMembershipService,
    keys: KeyRing,
    clock: Clock,
  ) {
    this.#store = store;
    this.#accounts = accounts;
    this.#groups = groups;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Enabled sources in the order of the sign-in page, as they were at most two seconds ago; own changes show at once. */
  async enabled(): Promise<readonly AnySource[]> {
    const now = this.#clock.now().getTime();
    if (!this.#loaded || Math.abs(now - this.#loaded.at) >= FRESH_MS) {
      const loaded = { at: now, sources: this.#load() };
      this.#loaded = loaded;
      loaded.sources.catch(() => {
        if (this.#loaded === loaded) this.#loaded = null;
      });
    }
    return this.#loaded.sources;
  }

  /** Enabled sources of one kind. */
  async enabledOf<K extends SourceKind>(kind: K): Promise<readonly Extract<AnySource, { kind: K }>[]> {
    return (await this.enabled()).filter((source): source is Extract<AnySource, { kind: K }> => source.kind === kind);
  }

  /** The id of the first source of a kind, enabled or not; null when there is none. */
  async firstIdOf(kind: SourceKind): Promise<number | null> {
    return (await this.#store.all()).find((source) => source.kind === kind && source.isFirst)?.id ?? null;
  }

  async list(request: ListRequest): Promise<Page<IdentitySource>> {
    const { rows, total } = await this.#store.list(request);
    return new Page(rows.map(sourceAnswer), total);
  }

  /** Throws NOT_FOUND. */
  async get(id: number): Promise<IdentitySource> {
    return sourceAnswer(await this.#find(id));
  }

  /** Adds a source; returns its id. Throws BAD_REQUEST when it is enabled and incomplete, CONFLICT. */
  async create(caller: Caller, body: BodyOf<typeof createIdentitySource>): Promise<number> {
    const change = changeOf(body.kind, body);
    const id = await this.#store.changing((transaction) =>
      this.#insert(transaction, caller, body.kind, body.name, change),
    );
    this.#loaded = null;
    return id;
  }

  /** Throws NOT_FOUND, CONFLICT, BAD_REQUEST. */
  async update(caller: Caller, id: number, body: BodyOf<typeof updateIdentitySource>): Promise<void> {
    await this.#store.changing(async (transaction) => {
      const present = await this.#store.lock(transaction, id);
      if (!present) throw notFound(id);
      await this.#write(transaction, caller, present, changeOf(present.kind, body));
    });
    this.#loaded = null;
  }

  /** Removes a source with its groups and the roles they gave. Its accounts stay, and cannot sign in. Throws NOT_FOUND. */
  async delete(caller: Caller, id: number): Promise<void> {
    await this.#store.changing(async (transaction) => {
      const present = await this.#store.lock(transaction, id);
      if (!present) throw notFound(id);
      await this.#accounts.lapseAllOf(transaction, id, this.#clock.now());
      const event = sourceEvent('identity-source.deleted', caller, present, { before: auditedSource(present) });
      const next = await this.#store.nextFirstId(transaction, present.kind, id);
      await this.#groups.forgetSource(transaction, present, next);
      await this.#store.delete(transaction, id, event);
    });
    this.#loaded = null;
  }

  /** The keys of `/configurations` that belong to the first source of each kind. */
  async configuration(): Promise<Readonly<Record<string, string | number | boolean>>> {
    const sources = await this.#store.all();
    const first = (kind: SourceKind): SourceRow | null =>
      sources.find((source) => source.kind === kind && source.isFirst) ?? null;
    return Object.assign({}, ...SOURCE_KINDS.map((kind) => sourceConfiguration(kind, first(kind)))) as Readonly<
      Record<string, string | number | boolean>
    >;
  }

  /**
   * Changes the first source of a kind, as `/configurations` asks; makes it when there is none. Part of the caller's
   * transaction; {@link IdentitySourceService.forget} after it. Throws BAD_REQUEST, CONFLICT.
   */
  async changeFirst(transaction: Transaction, caller: Caller, kind: SourceKind, change: SourceChange): Promise<void> {
    const present = await this.#store.lockFirst(transaction, kind);
    const name = change.name === '' ? undefined : change.name;
    if (present) await this.#write(transaction, caller, present, { ...change, name });
    else if (change.enabled !== false || Object.keys(change.fields).length > 0)
      await this.#insert(transaction, caller, kind, name ?? FIRST_NAMES[kind], {
        ...change,
        enabled: change.enabled ?? false,
      });
  }

  /** Lets the next reader see what was changed in a transaction of somebody else. */
  forget(): void {
    this.#loaded = null;
  }

  /** Unsaved settings to try, with the stored secret where it may be used. Throws NOT_FOUND, BAD_REQUEST (S96). */
  async draft(body: BodyOf<typeof testIdentitySource>): Promise<SourceDraft> {
    const { kind, source_id: id } = body;
    const fields = body[kind] ?? {};
    const stored = id === undefined ? null : await this.#find(id);
    if (stored && stored.kind !== kind) throw new AppError('BAD_REQUEST', `kind: the source ${id} is of another kind.`);
    const present = stored ? this.#fieldsOf(stored) : EMPTY;
    const merged = mergeFields(kind, present, fields);
    requireSecretAgain(kind, present, merged, fields);
    const missing = missingFields(kind, merged.settings);
    if (missing.length > 0) throw new AppError('BAD_REQUEST', `${kind}: fill in ${missing.join(', ')} first.`);
    return { kind, settings: settingsOfKind(kind, merged.settings), secrets: merged.secrets } as SourceDraft;
  }

  async #load(): Promise<readonly AnySource[]> {
    const rows = await this.#store.all();
    return rows
      .filter((row) => row.isEnabled)
      .map((row) => {
        const { secrets, settings } = this.#fieldsOf(row);
        const { id, kind, name, isEnabled, isFirst, position } = row;
        return {
          id,
          kind,
          name,
          isEnabled,
          isFirst,
          position,
          secrets,
          settings: settingsOfKind(kind, settings),
        } as AnySource;
      });
  }

  #fieldsOf(row: SourceRow): MergedFields {
    const opened = row.sealedSecrets === null ? null : this.#keys.open(row.sealedSecrets, placeOf(row.uid));
    const secrets = opened === null ? {} : (JSON.parse(opened.toString('utf8')) as Record<string, string>);
    return { settings: row.settings, secrets };
  }

  async #insert(
    transaction: Transaction,
    caller: Caller,
    kind: SourceKind,
    name: string,
    change: SourceChange,
  ): Promise<number> {
    const uid = randomUUID();
    const merged = mergeFields(kind, EMPTY, change.fields);
    const isEnabled = change.enabled ?? true;
    requireComplete(kind, merged, isEnabled);
    const values = { name, isEnabled, position: change.position ?? 0, ...this.#sealed(uid, merged) };
    const event = sourceEvent('identity-source.created', caller, { name }, { after: auditedSource(values) });
    return this.#store.insert(transaction, { uid, kind, ...values }, event);
  }

  async #write(transaction: Transaction, caller: Caller, present: SourceRow, change: SourceChange): Promise<void> {
    const before = this.#fieldsOf(present);
    const merged = mergeFields(present.kind, before, change.fields);
    requireSecretAgain(present.kind, before, merged, change.fields);
    const isEnabled = change.enabled ?? present.isEnabled;
    requireComplete(present.kind, merged, isEnabled);
    const values: SourceValues = {
      name: change.name ?? present.name,
      isEnabled,
      position: change.position ?? present.position,
      ...this.#sealed(present.uid, merged),
    };
    if (present.isEnabled && !isEnabled) {
      await this.#accounts.lapseAllOf(transaction, present.id, this.#clock.now());
    }
    const event = sourceEvent('identity-source.updated', caller, present, {
      before: auditedSource(present),
      after: auditedSource(values),
    });
    await this.#store.update(transaction, present.id, values, event);
  }

  #sealed(uid: string, { settings, secrets }: MergedFields): Pick<SourceValues, 'settings' | 'sealedSecrets'> {
    const isEmpty = Object.keys(secrets).length === 0;
    const sealedSecrets = isEmpty ? null : this.#keys.seal(Buffer.from(JSON.stringify(secrets)), placeOf(uid));
    return { settings, sealedSecrets };
  }

  async #find(id: number): Promise<SourceRow> {
    const row = await this.#store.find(id);
    if (!row) throw notFound(id);
    return row;
  }
}

const EMPTY: MergedFields = { settings: {}, secrets: {} };

function placeOf(uid: string): { table: string; column: string; uid: string } {
  return { table: 'identity_sources', column: 'sealed_secrets', uid };
}

/** The change a body asks for; settings of another kind than the source's are refused, as they would be lost. */
function changeOf(kind: SourceKind, body: BodyOf<typeof updateIdentitySource>): SourceChange {
  const foreign = SOURCE_KINDS.find((other) => other !== kind && body[other] !== undefined);
  if (foreign) throw new AppError('BAD_REQUEST', `${foreign}: this source is of kind ${kind}; leave it out.`);
  return { name: body.name, enabled: body.enabled, position: body.position, fields: body[kind] ?? {} };
}

function requireComplete(kind: SourceKind, { settings }: MergedFields, isEnabled: boolean): void {
  const filter = kind === 'oidc' ? settings.group_filter : undefined;
  if (typeof filter === 'string' && filter !== '') regularExpressionMatcher(filter);
  const missing = isEnabled ? missingFields(kind, settings) : [];
  if (missing.length > 0) {
    throw new AppError('BAD_REQUEST', `${kind}: fill in ${missing.join(', ')} before it can be used for signing in.`);
  }
}

function requireSecretAgain(
  kind: SourceKind,
  present: MergedFields,
  merged: MergedFields,
  given: Readonly<Record<string, unknown>>,
): void {
  const secret = secretToGiveAgain(kind, present, merged, given);
  if (secret !== null) {
    throw new AppError('BAD_REQUEST', `${secret}: give it again; the stored one is for the former address only.`);
  }
}

function sourceEvent(
  name: 'identity-source.created' | 'identity-source.updated' | 'identity-source.deleted',
  caller: Caller,
  source: { readonly name: string },
  change: { before?: object; after?: object },
): DomainEvent {
  const operation =
    name === 'identity-source.created' ? 'create' : name === 'identity-source.deleted' ? 'delete' : 'update';
  return {
    name,
    projectId: null,
    data: { name: source.name },
    audit: auditEntry(caller, { resourceType: 'identity-source', resource: source.name, operation, ...change }),
  };
}

function notFound(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no identity source with the id ${id}.`);
}
