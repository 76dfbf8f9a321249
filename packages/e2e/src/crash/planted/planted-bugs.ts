import { closeSync, openSync, readdirSync, readSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@moorage/database';
import type { Random } from '../ledger/random.ts';

export interface Ground {
  readonly database: Database;
  readonly dataDirectory: string;
  readonly random: Random;
  /** PostgreSQL's immediate shutdown; it comes back by itself. */
  readonly stopDatabase: () => void;
  /** Asks for a collection of what nothing needs. */
  readonly collect: () => Promise<void>;
}

/** A fault put in from outside, without a switch in the product, that the harness must find. */
export interface PlantedBug {
  readonly name: string;
  /** The checks of which one must report it. */
  readonly found: readonly string[];
  /** Statements that plant it, once everything serves. */
  readonly statements?: readonly string[];
  /** Done about once a second while the campaign runs. */
  readonly harm?: (ground: Ground) => Promise<void> | void;
}

/** A trigger that does what `body` says for about one row in `oneIn`. */
function sometimes(event: string, table: string, oneIn: number, body: string): string[] {
  return [
    `create function planted() returns trigger language plpgsql as $$
     begin
       if random() < 1.0 / ${oneIn} then ${body} end if;
       return new;
     end $$`,
    `create trigger a_planted before ${event} on ${table} for each row execute function planted()`,
  ];
}

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'commits are acknowledged before they are durable',
    found: ['V1', 'V2'],
    statements: [
      'alter system set synchronous_commit = off',
      "alter system set wal_writer_delay = '10s'",
      "alter system set wal_writer_flush_after = '1GB'",
      // From the next start on: what is not flushed is not even written, however much there is.
      "alter system set wal_buffers = '64MB'",
      'select pg_reload_conf()',
    ],
    harm: ({ random, stopDatabase }) => {
      // Seldom enough that something is acknowledged between two stops on a slow machine too.
      if (random.next() < 0.1) stopDatabase();
    },
  },
  {
    name: 'a tag is said to be deleted and stays',
    found: ['V1', 'V2'],
    statements: [
      `create function planted() returns trigger language plpgsql as $$
       begin
         if exists (select from manifests where id = old.manifest_id) then
           insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
           values (old.repository_id, old.project_id, old.name, old.manifest_id, old.digest, old.pushed_by);
         end if;
         return null;
       end $$`,
      'create trigger z_planted after delete on tags for each row execute function planted()',
    ],
  },
  {
    name: 'a tag is said to have moved and did not',
    found: ['V1'],
    statements: sometimes('update of manifest_id', 'tags', 3, 'return null;'),
  },
  {
    name: 'a blob disappears after it was stored',
    found: ['V1', 'V2'],
    harm: ({ dataDirectory, random }) => damage(dataDirectory, random, (path) => rmSync(path, { force: true })),
  },
  {
    name: 'a byte of a stored blob changes',
    found: ['V1', 'V2'],
    harm: ({ dataDirectory, random }) => damage(dataDirectory, random, flipFirstByte),
  },
  {
    name: 'manifest bytes change',
    found: ['V1'],
    harm: ({ database }) =>
      run(
        database,
        `update manifests set payload = payload || '\\x20'::bytea
         where id in (select id from manifests order by random() limit 2)`,
      ),
  },
  {
    name: 'immutability is not kept',
    found: ['V7'],
    statements: ['drop trigger tags_keep on tags', 'drop trigger if exists manifests_keep on manifests'],
  },
  {
    name: 'usage is not always counted',
    found: ['V4'],
    statements: sometimes('insert', 'quota_ledger', 5, 'return null;'),
  },
  {
    name: 'limits are said to be set and are not kept',
    found: ['V4'],
    statements: sometimes('update of hard_bytes', 'quotas', 1, 'new.hard_bytes := -1;'),
  },
  {
    name: 'a disabled robot goes on',
    found: ['V7'],
    statements: sometimes(
      'update of is_disabled',
      'robots',
      1,
      'new.is_disabled := false; new.credential_version := old.credential_version;',
    ),
  },
  {
    name: 'the collector takes what was uploaded a moment ago',
    found: ['V1', 'V2'],
    statements: [
      `create function planted() returns trigger language plpgsql as $$
       begin new.last_touched_at := now() - interval '1 year'; return new; end $$`,
      'create trigger a_planted before insert or update on blobs for each row execute function planted()',
    ],
    harm: ({ collect }) => collect(),
  },
  {
    name: 'pushes are not always counted in their repository',
    found: ['V5'],
    statements: sometimes('insert', 'repository_changes', 5, 'return null;'),
  },
  {
    name: 'a part of an index disappears',
    found: ['V1', 'V5'],
    harm: ({ database }) =>
      untriggered(
        database,
        `delete from manifests where id in (select m.id from manifests m join manifest_children c
           on c.repository_id = m.repository_id and c.child_digest = m.digest order by random() limit 1)`,
      ),
  },
  {
    name: 'a task never ends',
    found: ['V5'],
    statements: [`insert into executions (vendor_type, status, trigger) values ('PLANTED', 'Running', 'Manual')`],
  },
  {
    name: 'a stored blob is cut short',
    found: ['V1', 'V2'],
    harm: ({ dataDirectory, random }) => damage(dataDirectory, random, (path) => truncateSync(path, 1)),
  },
  {
    name: 'a signature is lost',
    found: ['V1'],
    harm: ({ database }) =>
      untriggered(
        database,
        `delete from manifests where id in
           (select id from manifests where accessory_of is not null or subject_digest is not null order by random() limit 2)`,
      ),
  },
  {
    name: 'a tag comes to name another artifact',
    found: ['V1', 'V7'],
    harm: ({ database }) =>
      untriggered(
        database,
        `update tags t set manifest_id = m.id, digest = m.digest from manifests m
         where m.repository_id = t.repository_id and m.id <> t.manifest_id and random() < 0.02`,
      ),
  },
  {
    name: 'a repository forgets a blob it has',
    found: ['V1', 'V5'],
    harm: ({ database }) =>
      untriggered(
        database,
        `delete from repository_blobs where (repository_id, digest) in
           (select repository_id, digest from manifest_blobs order by random() limit 1)`,
      ),
  },
  {
    name: 'retention takes what it was told to keep',
    found: ['V1'],
    harm: ({ database }) => untriggered(database, `delete from tags where name like 'keep-%' and random() < 0.3`),
  },
  {
    name: 'an upload is claimed for ever',
    found: ['V5'],
    statements: sometimes('insert or update', 'uploads', 10, "new.claimed_until := now() + interval '1 day';"),
  },
  {
    name: 'collections leave links that nothing needs',
    found: ['V3'],
    statements: [
      `create function planted() returns trigger language plpgsql as $$
       begin
         if get_byte(old.digest, 5) < 64 then return null; end if;
         return old;
       end $$`,
      'create trigger a_planted before delete on repository_blobs for each row execute function planted()',
    ],
  },
  {
    name: 'guests may do everything',
    found: ['V7'],
    harm: ({ database }) => run(database, 'update project_members set role_id = 1'),
  },
  {
    name: 'dead uploads are never purged',
    found: ['V3'],
    statements: [`update schedules set enabled = false where vendor_type = 'UPLOAD_PURGE'`],
  },
  {
    name: 'lists hide what they should show',
    found: ['V5'],
    harm: ({ database }) =>
      untriggered(database, 'update manifests set is_listed = not is_listed where random() < 0.05'),
  },
  {
    name: 'requests fail now and then without a reason',
    found: ['V8'],
    statements: sometimes('insert', 'manifests', 5, "raise exception 'planted';"),
  },
];

function damage(dataDirectory: string, random: Random, act: (path: string) => void): void {
  const root = join(dataDirectory, 'registry/blobs/sha256');
  const prefixes = readdirSync(root);
  if (prefixes.length === 0) return;
  const directory = join(root, random.one(prefixes));
  const names = readdirSync(directory);
  if (names.length > 0) act(join(directory, random.one(names)));
}

function flipFirstByte(path: string): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  if (readSync(file, byte, 0, 1, 0) === 1) writeSync(file, Buffer.from([(byte[0] as number) ^ 1]), 0, 1, 0);
  closeSync(file);
}

/** Behind the backs of the database's own rules. */
function untriggered(database: Database, statement: string): Promise<void> {
  return database.transaction(async (transaction) => {
    await transaction.query('set local session_replication_role = replica');
    await transaction.query(statement);
  });
}

async function run(database: Database, statement: string): Promise<void> {
  await database.query(statement);
}
