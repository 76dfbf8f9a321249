import {
  type AnswerOf,
  AppError,
  type BuildHistoryEntry,
  type getArtifactConfig,
  type ImageConfig,
} from '@moorage/contracts';
import type { Digest } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import type { ProjectRef } from '../http/index.ts';
import { type ArtifactRow, ArtifactService } from '../artifact/index.ts';
import { ArtifactContentStore } from './artifact-content.store.ts';
import { BlobReader } from './blob-reader.ts';
import { buildHistory, imageConfig, jsonObject } from './image-config.rules.ts';

/** Larger configs are not shown; real ones have a few kilobytes. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/** What is inside an artifact: manifest, config, history. */
@Injectable()
export class ArtifactContentService {
  readonly #artifacts: ArtifactService;
  readonly #store: ArtifactContentStore;
  readonly #blobs: BlobReader;

  constructor(artifacts: ArtifactService, store: ArtifactContentStore, blobs: BlobReader) {
    this.#artifacts = artifacts;
    this.#store = store;
    this.#blobs = blobs;
  }

  /** The exact bytes of a manifest. */
  async manifest(
    project: ProjectRef,
    repository: string,
    reference: string,
  ): Promise<{ digest: Digest; payload: Buffer }> {
    const row = await this.#artifacts.find(project, repository, reference);
    return { digest: row.digest, payload: await this.#payload(project, row) };
  }

  /** The build history of an image, oldest line first; null when there is none to show (ART-6). */
  async buildHistory(project: ProjectRef, row: ArtifactRow): Promise<BuildHistoryEntry[] | null> {
    const config = isShown(row) ? await this.config(project, row) : null;
    return config && buildHistory(config.content);
  }

  /** Config and layers of an image. Throws PRECONDITION for what has no readable config. */
  async imageConfig(
    project: ProjectRef,
    repository: string,
    reference: string,
  ): Promise<AnswerOf<typeof getArtifactConfig>> {
    const row = await this.#artifacts.find(project, repository, reference);
    const config = isShown(row) ? await this.config(project, row) : null;
    if (!config) {
      throw new AppError('PRECONDITION', 'Only images have a configuration to show; this artifact has none.');
    }
    const manifest = jsonObject(await this.#payload(project, row)) ?? {};
    return imageConfig(config, config.content, manifest);
  }

  /** Layers of an artifact and, of an image, its config; null where there is none to read. */
  async describe(
    project: ProjectRef,
    row: ArtifactRow,
  ): Promise<{ config: Omit<ImageConfig, 'layers'> | null; layers: ImageConfig['layers'] }> {
    const manifest = jsonObject(await this.#payload(project, row)) ?? {};
    const config = isShown(row) ? await this.config(project, row) : null;
    if (!config) return { config: null, layers: imageConfig(row, {}, manifest).layers };
    const { layers, ...rest } = imageConfig(config, config.content, manifest);
    return { config: rest, layers };
  }

  /** The config of an artifact when it is JSON; null for every other. */
  async config(project: ProjectRef, row: ArtifactRow) {
    const blob = await this.#store.findConfig(project.id, row.id);
    const bytes = blob ? await this.#blobs.read(blob.digest, MAX_CONFIG_BYTES) : null;
    const content = bytes ? jsonObject(bytes) : null;
    return blob && content ? { ...blob, content } : null;
  }

  async #payload(project: ProjectRef, row: ArtifactRow): Promise<Buffer> {
    const payload = await this.#store.readPayload(project.id, row.id);
    if (!payload) throw new AppError('NOT_FOUND', `${row.repositoryName}@${row.digest} was deleted meanwhile.`);
    return payload;
  }
}

function isShown(row: ArtifactRow): boolean {
  return row.kind === 'image' && (row.type === 'IMAGE' || row.type === 'WASM');
}
