import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Database } from '@moorage/database';
import { PROJECT } from '../registry/contender.ts';

/** Layers of each seeded image, and images of each seeded repository. */
const LAYERS = 10;
const IMAGES = 1_000;
const BATCH = 50_000;
const FILES_PER_TURN = 1_000;
const PREFIX = `${PROJECT}/garbage-`;

/** Blobs by number: what a number has as content is the same in SQL and here. */
export interface Numbers {
  readonly from: number;
  readonly to: number;
}

/**
 * Blobs straight into tables and storage: pushing a million would take hours. Those with `images` are layers of images, ten
 * in each; the others have a link that nothing needs. All were used long ago.
 */
export async function seedBlobs(
  database: Database,
  registry: string,
  numbers: Numbers,
  options: { readonly images: boolean },
): Promise<void> {
  await seedFiles(registry, numbers);
  for (let from = numbers.from; from < numbers.to; from += BATCH) {
    await seedRows(database, { from, to: Math.min(from + BATCH, numbers.to) }, options.images);
  }
}

/** Forgets the seeded images, as if retention had gone over them and the trash were empty: their layers are dead. */
export async function forgetImages(database: Database): Promise<void> {
  await database.query(
    `delete from manifest_blobs where repository_id in (select id from repositories where name like $1)`,
    [`${PREFIX}%`],
  );
  await database.query(
    `delete from manifests where repository_id in (select id from repositories where name like $1)`,
    [`${PREFIX}%`],
  );
  await database.query('vacuum analyze');
}

async function seedFiles(registry: string, { from, to }: Numbers): Promise<void> {
  const root = join(registry, 'blobs', 'sha256');
  for (let byte = 0; byte < 256; byte++) {
    mkdirSync(join(root, byte.toString(16).padStart(2, '0')), { recursive: true });
  }
  for (let number = from; number < to; number++) {
    const content = contentOf(number);
    const name = createHash('sha256').update(content).digest('hex');
    writeFileSync(join(root, name.slice(0, 2), name), content);
    if (number % FILES_PER_TURN === 0) await setImmediate();
  }
}

function contentOf(number: number): string {
  return `blob ${number} of the bench`;
}

async function seedRows(database: Database, { from, to }: Numbers, hasImages: boolean): Promise<void> {
  await database.query(
    `insert into repositories (project_id, name, first_pushed_at)
     select p.id, $1 || n, now() from projects p, generate_series($2::int, $3::int) n where p.name = $4
     on conflict do nothing`,
    [PREFIX, Math.floor(from / (LAYERS * IMAGES)), Math.floor((to - 1) / (LAYERS * IMAGES)), PROJECT],
  );
  await database.query(
    `with content as materialized (
       select n, digest_bytes('sha256:' || encode(sha256(convert_to('blob ' || n || ' of the bench', 'UTF8')), 'hex')) as digest,
         octet_length('blob ' || n || ' of the bench') as size
       from generate_series($1::int, $2::int - 1) n
     ), stored as (
       insert into blobs (digest, size, created_at, last_touched_at)
       select digest, size, now() - interval '30 days', now() - interval '30 days' from content order by digest
     ), linked as (
       insert into repository_blobs (repository_id, digest, project_id, size)
       select r.id, digest, r.project_id, size from content join repositories r on r.name = $3 || (n / $4)
     ), charged as (
       insert into project_blobs (project_id, digest, size, links)
       select p.id, digest, size, 1 from content, projects p where p.name = $5
     )
     insert into quota_ledger (project_id, bytes) select p.id, sum(size) from content, projects p where p.name = $5 group by p.id`,
    [from, to, PREFIX, LAYERS * IMAGES, PROJECT],
  );
  if (hasImages) await seedImages(database, { from, to });
}

async function seedImages(database: Database, { from, to }: Numbers): Promise<void> {
  await database.query(
    `with made as (
       insert into manifests (repository_id, project_id, digest, media_type, payload, kind, type, size, pushed_by, push_time)
       select r.id, r.project_id, digest_bytes('sha256:' || encode(sha256(convert_to('image ' || n, 'UTF8')), 'hex')),
         'application/vnd.oci.image.manifest.v1+json', convert_to(repeat('x', 500), 'UTF8'), 'image', 'IMAGE', n, 'bench',
         now() - interval '30 days'
       from generate_series($1::int, $2::int - 1, $3::int) n join repositories r on r.name = $4 || (n / $5)
       returning id, repository_id, project_id, digest, size as n
     ), tagged as (
       insert into tags (repository_id, project_id, name, manifest_id, digest, pushed_by)
       select repository_id, project_id, 'v' || n, id, digest, 'bench' from made
     )
     insert into manifest_blobs (manifest_id, repository_id, digest, size, media_type, position, role)
     select id, repository_id, digest_bytes('sha256:' || encode(sha256(convert_to('blob ' || n + place || ' of the bench', 'UTF8')), 'hex')),
       24, 'application/vnd.oci.image.layer.v1.tar', place, 'layer'
     from made, generate_series(0, $3::int - 1) place`,
    [from, to, LAYERS, PREFIX, LAYERS * IMAGES],
  );
}
