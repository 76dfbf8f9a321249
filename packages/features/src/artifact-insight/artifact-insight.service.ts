import type { AnswerOf, getArtifactPulls, getArtifactStorage } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { ArtifactService } from '../artifact/index.ts';
import type { Principal, ProjectRef } from '../http/index.ts';
import { ArtifactInsightStore } from './artifact-insight.store.ts';

/** Layers and other pieces that are looked at; images have a few dozen, large indexes a few thousand. */
const MAX_PIECES = 5000;
/** Layers that are listed, and others named for each. */
const MAX_LAYERS = 250;
const MAX_SHARERS = 10;

/** How an artifact is used, and what of its bytes are its own. */
@Injectable()
export class ArtifactInsightService {
  readonly #artifacts: ArtifactService;
  readonly #store: ArtifactInsightStore;

  constructor(artifacts: ArtifactService, store: ArtifactInsightStore) {
    this.#artifacts = artifacts;
    this.#store = store;
  }

  async pulls(
    project: ProjectRef,
    repository: string,
    reference: string,
    days: number,
  ): Promise<AnswerOf<typeof getArtifactPulls>> {
    const row = await this.#artifacts.find(project, repository, reference);
    const found = await this.#store.listPullDays(row.repositoryId, row.digest, days);
    return {
      total: found.reduce((sum, day) => sum + day.pulls, 0),
      ...(row.pullTime === null ? {} : { last_pull_time: row.pullTime }),
      days: found.map(({ day, pulls }) => ({ day, pulls })),
    };
  }

  async storage(
    principal: Principal,
    project: ProjectRef,
    repository: string,
    reference: string,
  ): Promise<AnswerOf<typeof getArtifactStorage>> {
    const row = await this.#artifacts.find(project, repository, reference);
    const pieces = await this.#store.listPieces(project.id, row.id, MAX_PIECES);
    const layers = pieces.filter((piece) => piece.isLayer).slice(0, MAX_LAYERS);
    const digests = layers.map((layer) => layer.digest);
    const sharers = await this.#store.listSharers(principal, row.id, digests, MAX_SHARERS);
    const sharersOf = Map.groupBy(sharers, (sharer) => sharer.layer);
    const sizeOf = (isCounted: (piece: (typeof pieces)[number]) => boolean) =>
      pieces.filter(isCounted).reduce((sum, piece) => sum + piece.size, 0);
    return {
      bytes: sizeOf(() => true),
      unique_bytes: sizeOf((piece) => !piece.shared),
      shared_bytes: sizeOf((piece) => piece.shared),
      layers: layers.map((layer) => ({
        digest: layer.digest,
        media_type: layer.mediaType,
        size: layer.size,
        shared: layer.shared,
        shared_with: (sharersOf.get(layer.digest) ?? []).map((sharer) => ({
          repository_name: sharer.repositoryName,
          digest: sharer.digest,
          ...(sharer.tag === null ? {} : { tag: sharer.tag }),
        })),
      })),
    };
  }
}
