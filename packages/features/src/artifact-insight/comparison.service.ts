import { type AnswerOf, AppError, type compareArtifacts } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/index.ts';
import { type ArtifactRow, ArtifactService, parseArtifactName, platformOf, textMap } from '../artifact/index.ts';
import { ArtifactContentService } from '../artifact-content/index.ts';
import type { Principal, ProjectRef } from '../http/index.ts';
import { choosePlatform, type Comparable, compare, type PlatformPart } from './comparison.rules.ts';

/** One of the two, with where it is. */
interface Side {
  readonly project: ProjectRef;
  /** After the project. */
  readonly repository: string;
  readonly row: ArtifactRow;
}

/** Two artifacts beside each other. */
@Injectable()
export class ComparisonService {
  readonly #artifacts: ArtifactService;
  readonly #content: ArtifactContentService;
  readonly #access: AccessService;

  constructor(artifacts: ArtifactService, content: ArtifactContentService, access: AccessService) {
    this.#artifacts = artifacts;
    this.#content = content;
    this.#access = access;
  }

  /** Throws PRECONDITION for two that cannot be set beside each other. The principal must be able to read both. */
  async compare(
    principal: Principal,
    base: { readonly project: ProjectRef; readonly repository: string; readonly reference: string },
    otherName: string,
    platform: string | undefined,
  ): Promise<AnswerOf<typeof compareArtifacts>> {
    const name = parseArtifactName(otherName);
    if (!name) throw new AppError('BAD_REQUEST', 'with: write project/repository:tag or project/repository@digest.');
    const project = await this.#access.requireProject(principal, name.project, true, 'artifact:read');
    const [one, two] = await Promise.all([this.#find(base), this.#find({ ...name, project })]);
    const chosen = await this.#choose(one, two, platform);
    const [left, right] = await Promise.all([this.#comparable(chosen.base), this.#comparable(chosen.other)]);
    return {
      base: sideView(one.row),
      other: sideView(two.row),
      ...(chosen.platform === undefined ? {} : { platform: platformView(chosen.platform) }),
      platforms: chosen.common,
      identical: one.row.digest === two.row.digest,
      ...compare(left, right),
    };
  }

  async #find(place: { project: ProjectRef; repository: string; reference: string }): Promise<Side> {
    const row = await this.#artifacts.find(place.project, place.repository, place.reference);
    return { project: place.project, repository: place.repository, row };
  }

  /** Of two indexes, the images of one platform; of an index and an image, the image that suits the other. */
  async #choose(base: Side, other: Side, wanted: string | undefined) {
    if (base.row.kind === 'image' && other.row.kind === 'image') return { base, other, common: [] };
    const [left, right] = await Promise.all([this.#parts(base), this.#parts(other)]);
    const chosen = choosePlatform(left, right, wanted);
    if (!chosen) {
      const platforms = [left, right].map((parts) => parts.map((part) => part.platform).join(', ') || 'none');
      throw new AppError(
        'PRECONDITION',
        `platform: choose one that both have; the platforms are ${platforms.join(' and ')}.`,
      );
    }
    const [one, two] = await Promise.all([
      this.#find({ ...base, reference: chosen.base }),
      this.#find({ ...other, reference: chosen.other }),
    ]);
    return { base: one, other: two, platform: chosen.platform, common: chosen.common };
  }

  async #parts(side: Side): Promise<PlatformPart[]> {
    if (side.row.kind === 'image') {
      const own = platformOf(side.row.extraAttrs);
      return own ? [{ platform: platformText(own), digest: side.row.digest }] : [];
    }
    const parts = await this.#artifacts.listParts(side.project, side.row);
    return parts.flatMap((part) => {
      const platform = platformOf(part.platform);
      return platform && platform.os !== 'unknown' && part.childId !== 0
        ? [{ platform: platformText(platform), digest: part.digest }]
        : [];
    });
  }

  async #comparable({ project, row }: Side): Promise<Comparable> {
    const described = await this.#content.describe(project, row);
    return { ...described, annotations: textMap(row.annotations) ?? {} };
  }
}

function platformText(platform: {
  os?: string | undefined;
  architecture?: string | undefined;
  variant?: string | undefined;
}): string {
  return [platform.os, platform.architecture, platform.variant].filter((part) => part !== undefined).join('/');
}

function platformView(text: string) {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function sideView(row: ArtifactRow) {
  return {
    repository_name: row.repositoryName,
    digest: row.digest,
    type: row.type,
    size: row.size,
    push_time: row.pushTime,
  };
}
