import { AppError } from '@moorage/contracts';
import { type Digest, parseDigest } from '@moorage/distribution';
import { Injectable } from '@nestjs/common';
import { additionsOf, type ArtifactRow, ArtifactService } from '../artifact/index.ts';
import type { ProjectRef } from '../http/index.ts';
import { chartDependencies, fileTree, findModelLayer, modelLayers, packingOf } from './addition.rules.ts';
import { ARCHIVE_LIMITS, readArchive, UnreadableArchive } from './archive-reader.ts';
import { ArtifactContentService } from './artifact-content.service.ts';
import { ArtifactContentStore } from './artifact-content.store.ts';
import { BlobReader } from './blob-reader.ts';
import { jsonObject } from './image-config.rules.ts';

/** An addition as it is sent. */
export interface Addition {
  readonly contentType: string;
  readonly body: string;
}

/** Archives unpacked at the same time in this process; the next caller is told to come again. */
const MAX_READERS = 4;
const MAX_BLOBS = 200;
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const OLD_CHART_LAYER = 'application/tar+gzip';
const LICENSE_NAMES = ['license', 'license.txt', 'license.md', 'copying'];

/** What can be shown of the inside of charts, models and images (ART-6). */
@Injectable()
export class AdditionService {
  readonly #artifacts: ArtifactService;
  readonly #content: ArtifactContentService;
  readonly #store: ArtifactContentStore;
  readonly #blobs: BlobReader;
  #readers = 0;

  constructor(
    artifacts: ArtifactService,
    content: ArtifactContentService,
    store: ArtifactContentStore,
    blobs: BlobReader,
  ) {
    this.#artifacts = artifacts;
    this.#content = content;
    this.#store = store;
    this.#blobs = blobs;
  }

  /** Throws NOT_FOUND for what the artifact does not have, PRECONDITION for content beyond the limits. */
  async read(project: ProjectRef, repository: string, reference: string, name: string): Promise<Addition> {
    const row = await this.#artifacts.find(project, repository, reference);
    const addition = name === 'sbom' ? await this.#sbom(project, row) : await this.#ofType(project, row, name);
    if (!addition) throw new AppError('NOT_FOUND', `${name} is not available for this artifact.`);
    return addition;
  }

  async #ofType(project: ProjectRef, row: ArtifactRow, name: string): Promise<Addition | null> {
    if (!additionsOf(row).includes(name)) return null;
    if (row.type === 'CHART') return this.#ofChart(project, row, name);
    if (row.type === 'CNAI') return this.#ofModel(project, row, name);
    const history = await this.#content.buildHistory(project, row);
    return history ? json(history) : null;
  }

  async #ofChart(project: ProjectRef, row: ArtifactRow, name: string): Promise<Addition | null> {
    const blobs = await this.#store.listBlobs(project.id, row.id, MAX_BLOBS);
    const layer = blobs.find(({ mediaType }) => mediaType === CHART_LAYER || mediaType === OLD_CHART_LAYER);
    const chart = (await this.#content.config(project, row))?.content.name;
    if (!layer || typeof chart !== 'string') return null;
    const names = {
      'values.yaml': ['values.yaml'],
      'readme.md': ['README.md', 'readme.md', 'Readme.md'],
      dependencies: ['Chart.yaml', 'requirements.yaml'],
    }[name];
    const files = await this.#unpack(layer, new Set((names ?? []).map((file) => `${chart}/${file}`)));
    if (!files) return null;
    const textOf = (file: string) => files.get(`${chart}/${file}`)?.toString('utf8') ?? null;
    if (name === 'dependencies') return json(chartDependencies(textOf('Chart.yaml'), textOf('requirements.yaml')));
    const found = (names ?? []).map(textOf).find((text) => text !== null);
    return found === undefined || found === null ? null : text(name, found);
  }

  async #ofModel(project: ProjectRef, row: ArtifactRow, name: string): Promise<Addition | null> {
    const payload = await this.#store.readPayload(project.id, row.id);
    const layers = modelLayers((payload && jsonObject(payload)) ?? {});
    if (name === 'files') return json(fileTree(layers));
    const layer = findModelLayer(layers, name === 'license' ? LICENSE_NAMES : ['readme.md', 'readme']);
    const digest = parseDigest(layer?.digest ?? '');
    if (!layer || digest === null) return null;
    // By the repository's own links: what a manifest names, it need not have.
    const blobs = await this.#store.listBlobs(project.id, row.id, MAX_BLOBS * 10);
    if (!blobs.some((blob) => blob.digest === digest)) return null;
    if (packingOf(layer.mediaType) === null) {
      const bytes = await this.#blobs.read(digest, ARCHIVE_LIMITS.fileBytes);
      return bytes ? text(name, bytes.toString('utf8')) : null;
    }
    const files = await this.#unpack({ digest, mediaType: layer.mediaType }, new Set([layer.path]));
    const found = files?.get(layer.path);
    return found ? text(name, found.toString('utf8')) : null;
  }

  /** The newest bill of materials that belongs to the artifact, as it was pushed. */
  async #sbom(project: ProjectRef, row: ArtifactRow): Promise<Addition | null> {
    const blob = await this.#store.findSbom(project.id, row.repositoryId, row.digest);
    const bytes = blob ? await this.#blobs.read(blob.digest, 16 * ARCHIVE_LIMITS.fileBytes) : null;
    const document = bytes ? jsonObject(bytes) : null;
    return document ? json(document) : null;
  }

  /** The wanted files of a layer; null when its bytes are not stored. */
  async #unpack(
    layer: { readonly digest: Digest; readonly mediaType: string },
    wanted: ReadonlySet<string>,
  ): Promise<Map<string, Buffer> | null> {
    if (this.#readers >= MAX_READERS) {
      throw new AppError('UNAVAILABLE', 'Other archives are being read; try again in a moment.', {
        retryAfterSeconds: 1,
      });
    }
    const handle = await this.#blobs.open(layer.digest);
    if (!handle) return null;
    this.#readers++;
    try {
      return await readArchive(handle, packingOf(layer.mediaType) ?? 'none', wanted);
    } catch (error) {
      if (!(error instanceof UnreadableArchive)) throw error;
      throw new AppError('PRECONDITION', `The archive ${layer.digest} is not shown: ${error.message}.`);
    } finally {
      this.#readers--;
      await handle.close();
    }
  }
}

function json(value: unknown): Addition {
  return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

function text(name: string, body: string): Addition {
  return { contentType: `text/${name === 'readme.md' ? 'markdown' : 'plain'}; charset=utf-8`, body };
}
