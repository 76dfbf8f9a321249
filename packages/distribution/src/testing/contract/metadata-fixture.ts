import type { Caller, ChangeContext, MetadataStore, RepositoryScope } from '../../ports/index.ts';
import { parseRepositoryName, type RepositoryName } from '../../reference.ts';
import { type SampleBlob, sampleBlob } from './sample.ts';

/** What an implementation provides so that the contract can be run against it. */
export interface MetadataFixture {
  readonly store: MetadataStore;
  /** The same storage through another instance, as another process would use it; absent when nothing is shared. */
  readonly other?: MetadataStore;
  /** Two owners of names. */
  readonly namespaceIds: readonly [number, number];
  /** Two callers who may own upload sessions. */
  readonly callers: readonly [Caller, Caller];
  /** Start of the names in a namespace, where the implementation ties names to owners. */
  readonly prefixes?: readonly [string, string];
  close(): Promise<void>;
}

export type OpenMetadata = () => Promise<MetadataFixture>;

/** The fixture in the words of the tests. */
export class MetadataBench {
  readonly store: MetadataStore;
  readonly fixture: MetadataFixture;

  constructor(fixture: MetadataFixture) {
    this.fixture = fixture;
    this.store = fixture.store;
  }

  /** A repository of the first owner, or of the second. */
  scope(name = 'app', owner: 0 | 1 = 0): RepositoryScope {
    return { name: this.name(name, owner), namespaceId: this.fixture.namespaceIds[owner] };
  }

  name(name: string, owner: 0 | 1 = 0): RepositoryName {
    const full = parseRepositoryName(`${this.fixture.prefixes?.[owner] ?? ''}${name}`);
    if (!full) throw new Error(`${name} is not a repository name`);
    return full;
  }

  context(repository: RepositoryScope = this.scope(), caller: 0 | 1 = 0): ChangeContext {
    const request = { id: 'contract', address: '127.0.0.1', userAgent: 'contract suite' };
    return { repository, caller: this.fixture.callers[caller], request };
  }

  /** Links a new blob into a repository. */
  async link(repository: RepositoryScope = this.scope(), blob: SampleBlob = sampleBlob()): Promise<SampleBlob> {
    await this.store.linkBlob(this.context(repository), blob);
    return blob;
  }

  /** Starts an upload and returns its id. */
  async start(context: ChangeContext = this.context()): Promise<string> {
    const outcome = await this.store.startUpload(context);
    if (outcome.status !== 'started') throw new Error(`startUpload was ${outcome.status}`);
    return outcome.session.id;
  }
}
