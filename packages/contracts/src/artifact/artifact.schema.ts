import { z } from 'zod';
import { label } from '../label/label.schema.ts';
import { platform, time } from '../wire/fields.ts';
import { checkTagName, named } from '../wire/names.ts';

export const annotations = z.record(z.string(), z.string()).meta({ id: 'Annotations' });

export const tag = z
  .object({
    id: z.int(),
    repository_id: z.int(),
    artifact_id: z.int(),
    name: z.string(),
    push_time: time,
    /** Year 1 when never pulled, as in Harbor. */
    pull_time: time.optional(),
    immutable: z.boolean(),
    pushed_by: z.string().optional(),
  })
  .meta({ id: 'Tag' });
export type Tag = z.infer<typeof tag>;

export const newTag = z
  .strictObject({
    name: named(checkTagName),
    id: z.int().optional(),
    repository_id: z.int().optional(),
    artifact_id: z.int().optional(),
    push_time: z.string().max(64).nullish(),
    pull_time: z.string().max(64).nullish(),
    immutable: z.boolean().optional(),
  })
  .meta({ id: 'NewTag' });

export const accessory = z
  .object({
    id: z.int(),
    artifact_id: z.int(),
    subject_artifact_id: z.int(),
    subject_artifact_digest: z.string(),
    subject_artifact_repo: z.string(),
    size: z.int(),
    digest: z.string(),
    /** For example `signature.cosign` or `subject.accessory`. */
    type: z.string(),
    icon: z.string(),
    creation_time: time,
    artifact_type: z.string().optional(),
    annotations: annotations.optional(),
  })
  .meta({ id: 'Accessory' });
export type Accessory = z.infer<typeof accessory>;

/** A child of an index. */
export const childReference = z
  .object({
    parent_id: z.int(),
    /** 0 when the child is not in this registry. */
    child_id: z.int(),
    child_digest: z.string(),
    platform: platform.optional(),
    annotations: annotations.optional(),
    urls: z.array(z.string()).optional(),
  })
  .meta({ id: 'Reference' });

export const artifact = z
  .object({
    id: z.int(),
    /** IMAGE, CHART, CNAB, WASM, CNAI, SBOM or derived from the media type (ART-3). */
    type: z.string(),
    media_type: z.string(),
    manifest_media_type: z.string(),
    artifact_type: z.string(),
    project_id: z.int(),
    repository_id: z.int(),
    repository_name: z.string(),
    digest: z.string(),
    size: z.int(),
    icon: z.string(),
    push_time: time,
    pull_time: time.optional(),
    extra_attrs: z.record(z.string(), z.unknown()).meta({ id: 'ExtraAttrs' }),
    annotations: annotations.nullish(),
    references: z.array(childReference).nullish(),
    tags: z.array(tag).nullish(),
    addition_links: z.record(z.string(), z.object({ href: z.string(), absolute: z.boolean() })),
    labels: z.array(label).nullish(),
    accessories: z.array(accessory).nullish(),
    inherited_accessories: z.array(accessory).optional(),
    pushed_by: z.string().optional(),
  })
  .meta({ id: 'Artifact' });
export type Artifact = z.infer<typeof artifact>;

/** One row of the tag-first list: a tag with what is needed to choose it. */
export const repositoryTag = z
  .object({
    id: z.int(),
    name: z.string(),
    artifact_id: z.int(),
    digest: z.string(),
    type: z.string(),
    media_type: z.string(),
    size: z.int(),
    /** One for an image, one for each child of an index; attestations are left out. */
    platforms: z.array(platform),
    push_time: time,
    pushed_by: z.string(),
    pull_time: time.optional(),
    immutable: z.boolean(),
    /** Whether a signature is among the accessories; it is not verified here. */
    signed: z.boolean(),
    labels: z.array(label).optional(),
  })
  .meta({ id: 'RepositoryTag' });
export type RepositoryTag = z.infer<typeof repositoryTag>;

const facetValue = z.object({ value: z.string(), count: z.int() });

/** How many tags have which property, most frequent first, at most 50 of each kind. */
export const tagFacets = z
  .object({
    total: z.int(),
    /** Only so many tags as `total` says were counted; there are more. */
    truncated: z.boolean(),
    type: z.array(facetValue),
    platform: z.array(facetValue),
    pushed_by: z.array(facetValue),
    label: z.array(z.object({ id: z.int(), name: z.string(), color: z.string(), count: z.int() })),
  })
  .meta({ id: 'TagFacets' });
export type TagFacets = z.infer<typeof tagFacets>;

/** A line of an image's history, named as in its configuration. */
export interface BuildHistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

/** A chart that a Helm chart needs. */
export interface ChartDependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

/** A file or directory of an AI model. */
export interface ModelFile {
  readonly name: string;
  readonly type: 'file' | 'directory';
  /** Of files only. */
  readonly size?: number;
  /** Of directories only. */
  readonly children?: readonly ModelFile[];
}

/** An image's configuration as the portal shows it. */
export const imageConfig = z
  .object({
    digest: z.string(),
    media_type: z.string(),
    platform: platform.optional(),
    created: z.string().optional(),
    author: z.string().optional(),
    env: z.array(z.string()),
    entrypoint: z.array(z.string()),
    cmd: z.array(z.string()),
    user: z.string(),
    working_dir: z.string(),
    exposed_ports: z.array(z.string()),
    volumes: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    stop_signal: z.string().optional(),
    /** Bottom layer first; layers without history have an empty command. */
    layers: z.array(
      z.object({
        digest: z.string(),
        media_type: z.string(),
        size: z.int(),
        command: z.string(),
        created: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ImageConfig' });
export type ImageConfig = z.infer<typeof imageConfig>;

/** An artifact that names this one as its subject. */
export const referrer = z
  .object({
    id: z.int(),
    digest: z.string(),
    media_type: z.string(),
    artifact_type: z.string(),
    size: z.int(),
    annotations,
    /** Harbor's accessory type, for example `signature.cosign`. */
    accessory_type: z.string(),
    push_time: time,
    pushed_by: z.string(),
  })
  .meta({ id: 'Referrer' });
export type Referrer = z.infer<typeof referrer>;
