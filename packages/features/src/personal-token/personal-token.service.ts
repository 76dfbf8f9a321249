import {
  AppError,
  type BodyOf,
  type createPersonalToken,
  MAX_PERSONAL_TOKENS,
  type PersonalToken,
  type ProjectPermission,
} from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Authority } from '../authority/index.ts';
import { Clock } from '../clock/index.ts';
import { type Caller, type ListRequest, Page, type Principal } from '../http/index.ts';
import { generateSecret, sha256 } from '../secret/index.ts';
import { SettingsService } from '../settings/index.ts';
import { type AskedGrant, expiryOf, lifeOf, readGrants, tokenAnswer, tokenEvent } from './personal-token.rules.ts';
import { type NewPersonalToken, PersonalTokenStore } from './personal-token.store.ts';

/** What is shown once, when a token was made. */
export interface CreatedToken {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/** Personal access tokens: making, listing, ending them. */
@Injectable()
export class PersonalTokenService {
  readonly #store: PersonalTokenStore;
  readonly #authority: Authority;
  readonly #settings: SettingsService;
  readonly #clock: Clock;

  constructor(store: PersonalTokenStore, authority: Authority, settings: SettingsService, clock: Clock) {
    this.#store = store;
    this.#authority = authority;
    this.#settings = settings;
    this.#clock = clock;
  }

  async list(userId: number, request: ListRequest): Promise<Page<PersonalToken>> {
    const { rows, total } = await this.#store.list(userId, request);
    const now = this.#clock.now();
    return new Page(
      rows.map((row) => tokenAnswer(row, now)),
      total,
    );
  }

  /** Throws NOT_FOUND. */
  async get(userId: number, id: number): Promise<PersonalToken> {
    const row = await this.#store.find(userId, id);
    if (!row) throw missing(id);
    return tokenAnswer(row, this.#clock.now());
  }

  /** Makes a token for the caller; its text is in the answer and nowhere else. Throws BAD_REQUEST, CONFLICT, DENIED. */
  async create(caller: Caller, userId: number, body: BodyOf<typeof createPersonalToken>): Promise<CreatedToken> {
    const { personal_token_max_duration: maxDays } = await this.#settings.get();
    const createdAt = this.#clock.now();
    const expiresAt = expiryOf(createdAt, lifeOf(body.duration, maxDays));
    const asked = body.permissions ? readGrants(body.permissions) : null;
    const text = generateSecret('personal');
    const token: NewPersonalToken = {
      userId,
      name: body.name,
      description: body.description ?? '',
      tokenHash: sha256(text),
      grants: asked && (await this.#place(caller.principal, asked)),
      createdAt,
      expiresAt,
    };
    const event = tokenEvent('personal-token.created', caller, token, {
      description: token.description,
      expires_at: expiresAt,
      permissions: asked,
    });
    const id = await this.#store.create(token, MAX_PERSONAL_TOKENS, event);
    return { id, name: token.name, token: text, createdAt, expiresAt };
  }

  /** Ends a token with the answer. A token may end itself and no other. Throws NOT_FOUND, FORBIDDEN. */
  async delete(caller: Caller, userId: number, id: number): Promise<void> {
    const { subject } = caller;
    if (subject?.kind === 'personal-token' && subject.id !== id) {
      throw new AppError('FORBIDDEN', 'A token can delete itself only; delete other tokens in the portal.');
    }
    const row = await this.#store.find(userId, id);
    if (!row) throw missing(id);
    const event = tokenEvent('personal-token.deleted', caller, row, {
      user_id: userId,
      description: row.description,
      expires_at: row.expiresAt,
    });
    if (!(await this.#store.delete(userId, id, event))) throw missing(id);
  }

  /** The grants with project ids. One text for a project that does not exist and one without any of the rights (S21). */
  async #place(principal: Principal, asked: readonly AskedGrant[]): Promise<NonNullable<NewPersonalToken['grants']>> {
    const names = asked.flatMap(({ projectName }) => (projectName === null ? [] : [projectName]));
    const projects = await this.#authority.findProjectsByName(names);
    const wanted = [...new Set(asked.flatMap((grant): readonly ProjectPermission[] => grant.access))];
    const held = await this.#authority.permissionsIn(principal, projects, wanted);
    const byName = new Map(projects.map((project) => [project.name, project]));
    return asked.map(({ kind, projectName, access }) => {
      if (projectName === null) return { kind, projectId: null, access };
      const project = byName.get(projectName);
      const own = project && held.get(project.id);
      if (!project || !access.some((permission) => own?.has(permission))) {
        throw new AppError(
          'BAD_REQUEST',
          `permissions: there is no project ${JSON.stringify(projectName)} in which you hold any of these.`,
        );
      }
      return { kind, projectId: project.id, access };
    });
  }
}

function missing(id: number): AppError {
  return new AppError('NOT_FOUND', `There is no personal token with the id ${id}.`);
}
