import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import { Clock } from '../clock/index.ts';
import { ANONYMOUS, type Principal, type ProjectRef, type SubjectKind } from '../http/index.ts';
import { CHANGE_MS, type Identity, IdentityService, USE_MS } from '../login/index.ts';
import { SettingsService } from '../settings/index.ts';
import type { RegistryToken, Subject } from './token-claims.rules.ts';
import { ACTION_PERMISSIONS, REPOSITORY_ACTIONS, type RepositoryAction } from './token-scope.rules.ts';

/** Who stands behind a token now, and what he may do now in the one project asked about. */
export interface LiveRight {
  readonly principal: Principal;
  /** 0 for anonymous. */
  readonly credentialVersion: number;
  /** Null when no project was asked about, or it is gone. */
  readonly projectName: string | null;
  readonly actions: ReadonlySet<RepositoryAction>;
}

interface Entry {
  readonly at: number;
  /** Null: the subject is gone, disabled or expired. */
  readonly right: LiveRight | null;
  /** Who has no right only because his identity source has not vouched for him for too long. */
  readonly unvouched?: number;
}

interface Facts {
  readonly identities: ReadonlyMap<SubjectKind, ReadonlyMap<number, Identity>>;
  readonly projects: ReadonlyMap<number, ProjectRef>;
  readonly isOpenToAll: boolean;
}

interface Wanted {
  readonly subject: Subject;
  readonly projectId: number;
}

/** Who stands behind a subject. */
type Subjected = Pick<LiveRight, 'principal' | 'credentialVersion'> & Pick<Identity, 'vouchedAt'>;

/** So long may a right that was taken away still be used with a token issued before (S22, K14). */
const FRESH_MS = 5_000;
const MAX_ENTRIES = 50_000;
const NO_PROJECT = 0;

/**
 * Tokens live for half an hour, rights for five seconds: what a token allows counts only as far as its subject has the
 * right now. Rights are read again when older, all that are wanted at one moment together.
 */
@Injectable()
export class LiveRights {
  readonly #identities: IdentityService;
  readonly #authority: Authority;
  readonly #settings: SettingsService;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #wanted = new Map<string, Wanted>();
  #loading: Promise<void> | null = null;

  constructor(identities: IdentityService, authority: Authority, settings: SettingsService, clock: Clock) {
    this.#identities = identities;
    this.#authority = authority;
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * The right of a token's subject in a project (0 for none in particular), at most five seconds old and never older than
   * the token; null when the subject may not act at all.
   */
  of(
    token: Pick<RegistryToken, 'subject' | 'issuedAt'>,
    projectId = NO_PROJECT,
  ): LiveRight | null | Promise<LiveRight | null> {
    const { subject, issuedAt } = token;
    const key = `${subjectKey(subject)}:${projectId}`;
    const entry = this.#entries.get(key);
    if (entry) {
      const age = this.#clock.now().getTime() - entry.at;
      if (age >= 0 && age < FRESH_MS && entry.at >= issuedAt) return entry.right;
    }
    this.#wanted.set(key, { subject, projectId });
    // One turn of the loop later, so that what is wanted in this one is read together.
    this.#loading ??= setImmediate().then(() => this.#load());
    return this.#loading.then(() => this.#entries.get(key)?.right ?? null);
  }

  /** The same for a change, as the identity source sees the subject now; it is asked at most once a minute. */
  async forChange(token: Pick<RegistryToken, 'subject' | 'issuedAt'>, projectId: number): Promise<LiveRight | null> {
    const right = await this.of(token, projectId);
    const key = `${subjectKey(token.subject)}:${projectId}`;
    const userId = right?.principal.kind === 'user' ? right.principal.id : this.#entries.get(key)?.unvouched;
    if (userId === undefined || !(await this.#identities.confirm(userId, CHANGE_MS))) return right;
    this.#entries.delete(key);
    return this.of(token, projectId);
  }

  /** Reads everything wanted since the last time: a statement for each kind of subject and for projects, and one a user for roles. */
  async #load(): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted = new Map();
    this.#loading = null;
    const at = this.#clock.now().getTime();
    const facts = await this.#readFacts(wanted.map(([, want]) => want));
    if (this.#entries.size + wanted.length > MAX_ENTRIES) this.#entries.clear();
    const subjects = Map.groupBy(wanted, ([, { subject }]) => subjectKey(subject));
    await Promise.all(
      [...subjects.values()].map(async (wants) => {
        const identity = wants[0] ? whoIs(wants[0][1].subject, facts) : null;
        if (identity) this.#confirmInBackground(identity.principal);
        if (identity?.principal.kind === 'user' && !this.#identities.isVouchedFor(identity)) {
          for (const [key] of wants) this.#entries.set(key, { at, right: null, unvouched: identity.principal.id });
          return;
        }
        const rights = await this.#decide(
          identity,
          wants.map(([, want]) => want),
          facts,
        );
        wants.forEach(([key], index) => this.#entries.set(key, { at, right: rights[index] ?? null }));
      }),
    );
  }

  async #readFacts(wants: readonly Wanted[]): Promise<Facts> {
    const named = wants.flatMap(({ subject }) => (subject.kind === 'anonymous' ? [] : [subject]));
    const kinds = [...Map.groupBy(named, ({ kind }) => kind)];
    const projectIds = [...new Set(wants.map((want) => want.projectId))].filter((id) => id !== NO_PROJECT);
    const [identities, projects, settings] = await Promise.all([
      Promise.all(
        kinds.map(async ([kind, subjects]) => {
          const ids = [...new Set(subjects.map(({ id }) => id))];
          return [kind, await this.#identities.findActive(kind, ids)] as const;
        }),
      ),
      this.#authority.findProjectsById(projectIds),
      this.#settings.get(),
    ]);
    return {
      identities: new Map(identities),
      projects: new Map(projects.map((project) => [project.id, project])),
      isOpenToAll: settings.anonymous_access,
    };
  }

  /** Pulls do not wait for an identity source: what it says counts when the rights are read the next time. */
  #confirmInBackground(principal: Principal): void {
    if (principal.kind !== 'user') return;
    // Without a database the next read fails too, and that one is answered.
    this.#identities.confirm(principal.id, USE_MS).catch(() => undefined);
  }

  /** The rights of one subject, in the order asked for. */
  async #decide(identity: Subjected | null, wants: readonly Wanted[], facts: Facts): Promise<(LiveRight | null)[]> {
    if (!identity) return wants.map(() => null);
    const projects = wants.flatMap(({ projectId }) => facts.projects.get(projectId) ?? []);
    const held = await this.#authority.permissionsIn(identity.principal, projects, Object.values(ACTION_PERMISSIONS));
    return wants.map(({ projectId }) => {
      const permissions = held.get(projectId);
      const actions = REPOSITORY_ACTIONS.filter((action) => permissions?.has(ACTION_PERMISSIONS[action]));
      return { ...identity, projectName: facts.projects.get(projectId)?.name ?? null, actions: new Set(actions) };
    });
  }
}

function subjectKey(subject: Subject): string {
  return subject.kind === 'anonymous' ? 'anonymous' : `${subject.kind}:${subject.id}`;
}

function whoIs(subject: Subject, facts: Facts): Subjected | null {
  if (subject.kind === 'anonymous') return facts.isOpenToAll ? { principal: ANONYMOUS, credentialVersion: 0 } : null;
  return facts.identities.get(subject.kind)?.get(subject.id) ?? null;
}
