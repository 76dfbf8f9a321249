import { AppError } from '@moorage/contracts';
import type { Database } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { AccessService } from '../src/access/index.ts';
import { AccessStore } from '../src/access/access.store.ts';
import { AccessoryStore } from '../src/artifact/accessory.store.ts';
import { AdditionService } from '../src/artifact-content/addition.service.ts';
import { ArtifactContentService } from '../src/artifact-content/artifact-content.service.ts';
import { ArtifactContentStore } from '../src/artifact-content/artifact-content.store.ts';
import { ArtifactService } from '../src/artifact/artifact.service.ts';
import { ArtifactStore } from '../src/artifact/artifact.store.ts';
import { ArtifactChangeService } from '../src/artifact/artifact-change.service.ts';
import { BlobReader } from '../src/artifact-content/index.ts';
import { TagFacetStore } from '../src/artifact/tag-facet.store.ts';
import { TagService } from '../src/artifact/tag.service.ts';
import { TagStore } from '../src/artifact/tag.store.ts';
import { SystemClock } from '../src/clock/index.ts';
import { ContentChanges } from '../src/content/index.ts';
import type { Caller, Principal, ProjectRef, RobotGrant } from '../src/http/index.ts';
import { LabelStore } from '../src/label/index.ts';
import { ProjectService } from '../src/project/index.ts';
import { ProjectStore } from '../src/project/project.store.ts';
import { ProjectCountsStore } from '../src/project/project-counts.store.ts';
import { ProjectRemovalStore } from '../src/project/project-removal.store.ts';
import { RepositoryService } from '../src/repository/index.ts';
import { RepositoryStore } from '../src/repository/repository.store.ts';
import { SettingsService } from '../src/settings/index.ts';
import { SettingsStore } from '../src/settings/settings.store.ts';

/** Blobs out of a map. */
export function mapReader(all: ReadonlyMap<Digest, Buffer>): BlobReader {
  return new BlobReader({
    open: (digest) => {
      const bytes = all.get(digest);
      if (!bytes) return Promise.resolve(null);
      return Promise.resolve({
        size: bytes.length,
        read: (into, position) => Promise.resolve(bytes.copy(into, 0, position)),
        close: () => Promise.resolve(),
      });
    },
  });
}

/** The catalog rooms over a test database, wired as the modules wire them; blobs are read from `bytes`. */
export function testCatalog(database: Database, bytes: ReadonlyMap<Digest, Buffer> = new Map()) {
  const access = new AccessService(new AccessStore(database));
  const settings = new SettingsService(new SettingsStore(database), new SystemClock());
  const projects = new ProjectService(
    new ProjectStore(database),
    new ProjectCountsStore(database),
    new ProjectRemovalStore(database),
    access,
    settings,
  );
  const artifactStore = new ArtifactStore(database);
  const tagStore = new TagStore(database);
  const artifacts = new ArtifactService(
    artifactStore,
    tagStore,
    new AccessoryStore(database),
    new LabelStore(database),
  );
  const tags = new TagService(artifacts, tagStore, new TagFacetStore(database), new LabelStore(database));
  const repositories = new RepositoryService(new RepositoryStore(database), new ContentChanges(database));
  const changes = new ArtifactChangeService(artifacts, new ContentChanges(database));
  const content = new ArtifactContentService(artifacts, new ArtifactContentStore(database), mapReader(bytes));
  const additions = new AdditionService(artifacts, content, new ArtifactContentStore(database), mapReader(bytes));
  return { additions, access, settings, projects, artifacts, tags, content, changes, repositories };
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
