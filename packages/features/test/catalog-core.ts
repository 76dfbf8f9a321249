import { AppError } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import { AccessService } from '../src/access/index.ts';
import { AccessStore } from '../src/access/access.store.ts';
import { SystemClock } from '../src/clock/index.ts';
import type { Caller, Principal, ProjectRef, RobotGrant } from '../src/http/index.ts';
import { ProjectService } from '../src/project/index.ts';
import { ProjectStore } from '../src/project/project.store.ts';
import { ProjectCountsStore } from '../src/project/project-counts.store.ts';
import { SettingsService } from '../src/settings/index.ts';
import { SettingsStore } from '../src/settings/settings.store.ts';

/** The catalog rooms over a test database, wired as the modules wire them. */
export function testCatalog(database: Database) {
  const access = new AccessService(new AccessStore(database));
  const settings = new SettingsService(new SettingsStore(database), new SystemClock());
  const projects = new ProjectService(new ProjectStore(database), new ProjectCountsStore(database), access, settings);
  return { access, settings, projects };
}

/** A request by someone. */
export function callerOf(principal: Principal): Caller {
  return { principal, credential: 'password', address: '192.0.2.1', userAgent: 'test', requestId: 'request-1' };
}

export function userPrincipal(id: number, username: string, isSysadmin = false): Principal {
  return { kind: 'user', id, username, isSysadmin };
}

/** A system robot with these grants. */
export function robotPrincipal(...grants: [RobotGrant['kind'], number | null, ...string[]][]): Principal {
  return {
    kind: 'robot',
    id: 1,
    username: 'robot$ci',
    projectId: null,
    grants: grants.map(([kind, projectId, ...permissions]) => ({ kind, projectId, permissions: new Set(permissions) })),
  };
}

export function projectRef(id: number, name: string, isPublic = false): ProjectRef {
  return { id, name, isPublic };
}

/** The error code of a refused call, or `ok`. Errors that are no refusals fail the test. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
