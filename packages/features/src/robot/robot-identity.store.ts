import { type Database, sql, type Statement } from '@moorage/database';
import type { StoredUse } from './robot-use.rules.ts';
import type { RobotCredential, RobotLogin, StoredGrant } from './robot-identity.rules.ts';

interface StoredCredential {
  id: number;
  name: string;
  project_id: number | null;
  project_name: string | null;
  secret_hash: Buffer;
  previous_secret_hash: Buffer | null;
  previous_secret_until: Date | null;
  is_disabled: boolean;
  expires_at: Date | null;
  credential_version: number;
  allowed_addresses: string[];
  grants: StoredGrant[];
}

/** A permission that was used; see {@link StoredUse} for the project. */
export interface UsedPermission {
  readonly robotId: number;
  readonly projectId: number;
  readonly permission: string;
  readonly at: Date;
}

/** What signing in as a robot needs, in one statement. Robots and grants of deleted projects are out of reach. */
export class RobotIdentityStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findByLogin(login: RobotLogin): Promise<RobotCredential | null> {
    if (login.name.includes('\0') || login.projectName?.includes('\0')) return null;
    const rows = await this.#select(
      login.projectName === null
        ? sql`r.project_id is null and r.name = ${login.name}`
        : sql`p.name = ${login.projectName} and r.name = ${login.name}`,
    );
    return rows[0] ?? null;
  }

  async findMany(ids: readonly number[]): Promise<ReadonlyMap<number, RobotCredential>> {
    const rows = await this.#select(sql`r.id = any(${ids}::int[])`);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Notes a use unless one less than a minute older is noted. */
  async noteUse(id: number, at: Date, address: string): Promise<void> {
    await this.#database.query(
      `update robots set last_used_at = $2, last_used_address = $3
       where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')`,
      [id, at, address],
    );
  }

  /** Notes when permissions were last used; robots deleted meanwhile are left out. */
  async notePermissions(uses: readonly UsedPermission[]): Promise<void> {
    await this.#database.query(
      `insert into robot_permission_uses as u (robot_id, project_id, permission, last_used_at)
       select g.robot_id, g.project_id, g.permission, max(g.at)
       from unnest($1::int[], $2::int[], $3::text[], $4::timestamptz[]) as g (robot_id, project_id, permission, at)
       join robots r on r.id = g.robot_id
       group by g.robot_id, g.project_id, g.permission
       on conflict (robot_id, project_id, permission) do update set last_used_at = greatest(u.last_used_at, excluded.last_used_at)`,
      [
        uses.map((use) => use.robotId),
        uses.map((use) => use.projectId),
        uses.map((use) => use.permission),
        uses.map((use) => use.at),
      ],
    );
  }

  async listPermissionUses(robotId: number): Promise<StoredUse[]> {
    const rows = await this.#database.query<{
      project_id: number;
      project_name: string | null;
      permission: string;
      last_used_at: Date;
    }>(
      `select u.project_id, p.name as project_name, u.permission, u.last_used_at
       from robot_permission_uses u left join projects p on p.id = u.project_id and p.deleted_at is null
       where u.robot_id = $1`,
      [robotId],
    );
    return rows.map((row) => ({
      projectId: row.project_id,
      projectName: row.project_name,
      permission: row.permission,
      lastUsedAt: row.last_used_at,
    }));
  }

  async #select(where: Statement): Promise<RobotCredential[]> {
    const rows = await this.#database.run<StoredCredential>(
      sql`select r.id, r.name, r.project_id, p.name as project_name, r.secret_hash, r.previous_secret_hash,
            r.previous_secret_until, r.is_disabled, r.expires_at, r.credential_version, r.allowed_addresses,
            (select coalesce(jsonb_agg(jsonb_build_object('kind', g.kind, 'project_id', g.project_id, 'access', g.access)), '[]')
             from robot_grants g left join projects gp on gp.id = g.project_id
             where g.robot_id = r.id and (g.project_id is null or gp.deleted_at is null)) as grants
          from robots r left join projects p on p.id = r.project_id
          where ${where} and (r.project_id is null or p.deleted_at is null)`,
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      projectId: row.project_id,
      projectName: row.project_name,
      secretHash: row.secret_hash,
      previousSecretHash: row.previous_secret_hash,
      previousSecretUntil: row.previous_secret_until,
      isDisabled: row.is_disabled,
      expiresAt: row.expires_at,
      credentialVersion: row.credential_version,
      allowedAddresses: row.allowed_addresses,
      grants: row.grants,
    }));
  }
}
