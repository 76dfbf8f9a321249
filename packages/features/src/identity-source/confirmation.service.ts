import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { GRACE_MS } from '../login/index.ts';
import { DUE_MS, IN_USE_MS, isDue, type KnownConfirmation, RETRY_MS } from './confirmation.rules.ts';
import { ExternalAccountService } from './external-account.service.ts';
import { ExternalAccountStore, type IdentityRow } from './external-account.store.ts';
import { IdentitySourceService } from './identity-source.service.ts';
import { SourceKinds } from './source-kinds.ts';

const MAX_KNOWN = 50_000;
/** One question to a source ends within this time. */
const LEASE_MS = 20_000;
const WAIT_STEP_MS = 200;
const WAIT_STEPS = 25;
const BATCH = 50;
const AT_ONCE = 4;

/** Asks sources about accounts again: on demand, no more often than needed, one question at a time for each account. */
@Injectable()
export class ConfirmationService {
  readonly #store: ExternalAccountStore;
  readonly #accounts: ExternalAccountService;
  readonly #sources: IdentitySourceService;
  readonly #kinds: SourceKinds;
  readonly #clock: Clock;
  readonly #known = new Map<number, KnownConfirmation>();
  readonly #running = new Map<number, Promise<boolean>>();

  constructor(
    store: ExternalAccountStore,
    accounts: ExternalAccountService,
    sources: IdentitySourceService,
    kinds: SourceKinds,
    clock: Clock,
  ) {
    this.#store = store;
    this.#accounts = accounts;
    this.#sources = sources;
    this.#kinds = kinds;
    this.#clock = clock;
  }

  /** Makes sure that what a source says of a user is younger than `maxAgeMs`. True when the account may look different now. */
  async confirm(userId: number, maxAgeMs: number): Promise<boolean> {
    if (!isDue(this.#known.get(userId), this.#clock.now().getTime(), maxAgeMs)) return false;
    const running = this.#running.get(userId);
    // Whoever is at it may be content with less.
    if (running) return (await running) || (await this.confirm(userId, maxAgeMs));
    const look = this.#look(userId, maxAgeMs).finally(() => this.#running.delete(userId));
    this.#running.set(userId, look);
    return look;
  }

  /** Asks about at most {@link BATCH} accounts in use before they are due; returns how many. For the worker. */
  async confirmDue(): Promise<number> {
    const ago = (ms: number): Date => new Date(this.#clock.now().getTime() - ms);
    const due = await this.#store.due(
      { confirmed: ago(DUE_MS), attempted: ago(RETRY_MS), used: ago(IN_USE_MS) },
      BATCH,
    );
    for (let start = 0; start < due.length; start += AT_ONCE) {
      await Promise.all(due.slice(start, start + AT_ONCE).map((identity) => this.#ask(identity)));
    }
    return due.length;
  }

  async #look(userId: number, maxAgeMs: number): Promise<boolean> {
    const now = this.#clock.now();
    const identity = await this.#store.use(userId, now);
    this.#keep(userId, identity?.confirmedAt ?? null, 0);
    if (!identity || now.getTime() - identity.confirmedAt.getTime() < maxAgeMs) return false;
    const isConfirmed = await this.#ask(identity);
    this.#keep(userId, isConfirmed ? this.#clock.now() : identity.confirmedAt, now.getTime() + RETRY_MS);
    return true;
  }

  /** True when the source vouches for the account. */
  async #ask(identity: IdentityRow): Promise<boolean> {
    const source = (await this.#sources.enabled()).find(({ id }) => id === identity.sourceId);
    const handler = source && this.#kinds.of(source.kind);
    if (!source || !handler) return false;
    if (!(await this.#store.claim(identity.id, this.#clock.now(), LEASE_MS))) return this.#wait(identity);
    const { userId, issuer, subject } = identity;
    const refreshToken = this.#accounts.refreshTokenOf(identity);
    const outcome = await handler.refresh(source, { userId, issuer, subject, refreshToken });
    if (outcome.kind === 'confirmed') {
      await this.#accounts.renew(identity, source, outcome.proof);
      return true;
    }
    if (outcome.kind === 'gone') await this.#accounts.lapse(identity, source, outcome.reason);
    else if (this.#clock.now().getTime() - identity.confirmedAt.getTime() >= GRACE_MS) {
      await this.#accounts.withhold(identity, source);
    }
    return false;
  }

  /** Waits a while for whoever asks at this moment. */
  async #wait(identity: IdentityRow): Promise<boolean> {
    for (let step = 0; step < WAIT_STEPS; step++) {
      await setTimeout(WAIT_STEP_MS);
      const present = await this.#store.find(identity.issuer, identity.subject);
      if (!present) return false;
      if (present.confirmedAt > identity.confirmedAt) return true;
    }
    return false;
  }

  #keep(userId: number, confirmedAt: Date | null, retryAt: number): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const readAt = this.#clock.now().getTime();
    this.#known.set(userId, { readAt, confirmedAt: confirmedAt?.getTime() ?? null, retryAt });
  }
}
