import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@moorage/database';
import type { RegistryUser } from './registry-user.ts';

/** How long work left behind by killed processes may take until it is done, on a machine that does much else. */
const PATIENCE_MS = 240_000;

const UNDONE = `select
  (select count(*) from executions where ended_at is null and status in ('Pending', 'Running') and vendor_type <> 'PLANTED')
  + (select count(*) from repository_changes) + (select count(*) from trash_items where state <> 'kept') as open`;

/** Waits until jobs have ended, trash is emptied or filled, and every push is counted; gives up after a while, and the checks tell what is left. */
export async function quiet(database: Database): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(250)) {
    const [row] = await database.query<{ open: number }>(UNDONE);
    if (Number(row?.open) === 0) return;
  }
}

/** Empties the trash and collects everything that nothing needs at this moment. */
export async function sweepWithoutGrace(admin: RegistryUser, database: Database): Promise<void> {
  await done(admin, 'PUT', '/configurations', { gc_grace_seconds: 0, trash_days: 0 });
  await done(admin, 'DELETE', '/trash');
  // Other processes may go by the settings of two seconds ago.
  await sleep(2500);
  await quiet(database);
  await done(admin, 'POST', '/system/gc/schedule', {
    schedule: { type: 'Manual' },
    parameters: { delete_untagged: false, dry_run: false, workers: 1 },
  });
  await quiet(database);
}

/** Has the files of uploads that died before their row was written set aside: collections know rows only. */
export async function scanWithoutGrace(admin: RegistryUser, database: Database): Promise<void> {
  await done(admin, 'POST', '/system/storage/scans', {});
  await quiet(database);
}

const PURGES = `select count(*) as ended from executions where vendor_type = 'UPLOAD_PURGE' and ended_at is not null`;

/**
 * Has the hourly job drop all open uploads, as it would those of yesterday: their times are set back, and the job is made
 * due. Gives up after a while, and the check of the store tells what is left.
 */
export async function purgeUploads(database: Database, dataDirectory: string): Promise<void> {
  const yesterday = Date.now() / 1000 - 2 * 86_400;
  const folder = join(dataDirectory, 'registry/uploads');
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), yesterday, yesterday);
  await database.query(
    `update uploads set last_active_at = now() - interval '2 days', claimed_until = null, claimed_by = null`,
  );
  const [before] = await database.query<{ ended: number }>(PURGES);
  await database.query(
    `with due as (update schedules set counts_from = now() - interval '2 hours' where vendor_type = 'UPLOAD_PURGE' returning id)
     delete from schedule_ticks where schedule_id in (select id from due)`,
  );
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(250)) {
    const [now] = await database.query<{ ended: number }>(PURGES);
    if (Number(now?.ended) > Number(before?.ended)) return;
  }
}

/** Again while something else of the kind is at work, which the hour may have started. */
async function done(admin: RegistryUser, method: string, path: string, body?: object): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; ; await sleep(1000)) {
    const { status, body: text } = await admin.api(method, path, body);
    if (status < 300) return;
    if (status !== 409 || performance.now() > end)
      throw new Error(`${method} ${path} answered ${status}: ${text.toString().slice(0, 500)}`);
  }
}
