import type { ChartDependency, ModelFile } from '@moorage/contracts';
import { parse } from 'yaml';
import { isObject } from '../artifact/index.ts';

const MAX_DEPENDENCIES = 500;
const MAX_TEXT = 1024;
/** Files of a model that are shown, and how deep. */
const MAX_FILES = 10_000;
const MAX_DEPTH = 32;
/** Anchors that unfold into more than this are refused: a billion laughs. */
const MAX_ALIASES = 50;

/** Where a model's layers say what they are (model specification of the CNCF). */
const FILE_PATH_ANNOTATION = 'org.cncf.model.filepath';

/** How the layer of that media type is packed; null for what is no archive. */
export function packingOf(mediaType: string): 'none' | 'gzip' | 'zstd' | null {
  if (!/[.+/]tar(?:[.+]|$)/.test(mediaType)) return null;
  if (mediaType.endsWith('gzip')) return 'gzip';
  return mediaType.endsWith('zstd') ? 'zstd' : 'none';
}

/** The dependencies in a chart's Chart.yaml, or in requirements.yaml as charts before version 2 have it. */
export function chartDependencies(chart: string | null, requirements: string | null): ChartDependency[] {
  for (const text of [chart, requirements]) {
    const listed = text === null ? null : dependenciesIn(text);
    if (listed) return listed;
  }
  return [];
}

function dependenciesIn(text: string): ChartDependency[] | null {
  const value = parsedYaml(text);
  if (!isObject(value) || !Array.isArray(value.dependencies)) return null;
  return value.dependencies
    .filter(isObject)
    .slice(0, MAX_DEPENDENCIES)
    .map((dependency) => ({
      name: textOf(dependency.name),
      version: textOf(dependency.version),
      repository: textOf(dependency.repository),
    }));
}

/** A YAML document somebody pushed; null for what cannot be read. */
function parsedYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: MAX_ALIASES, logLevel: 'silent' }) as unknown;
  } catch {
    return null;
  }
}

/** A layer of a model, as its manifest has it. */
export interface ModelLayer {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  /** Path within the model. */
  readonly path: string;
}

/** The layers of a model that say which file they hold. */
export function modelLayers(manifest: Record<string, unknown>): ModelLayer[] {
  const layers = Array.isArray(manifest.layers) ? manifest.layers.slice(0, MAX_FILES).filter(isObject) : [];
  return layers.flatMap((layer) => {
    const path = isObject(layer.annotations) ? textOf(layer.annotations[FILE_PATH_ANNOTATION]) : '';
    const size = typeof layer.size === 'number' && Number.isSafeInteger(layer.size) ? layer.size : 0;
    return path === '' ? [] : [{ digest: textOf(layer.digest), mediaType: textOf(layer.mediaType), size, path }];
  });
}

/** The layer that holds a file of that name, whatever its case, nearest to the top of the model. */
export function findModelLayer(layers: readonly ModelLayer[], names: readonly string[]): ModelLayer | null {
  const depth = (layer: ModelLayer) => layer.path.split('/').length;
  const matching = layers.filter((layer) => names.includes((layer.path.split('/').at(-1) ?? '').toLowerCase()));
  return matching.toSorted((a, b) => depth(a) - depth(b))[0] ?? null;
}

interface Directory {
  readonly files: Map<string, number>;
  readonly directories: Map<string, Directory>;
}

/** The files of a model as a tree, directories first, each by name. */
export function fileTree(layers: readonly ModelLayer[]): ModelFile[] {
  const root: Directory = { files: new Map(), directories: new Map() };
  for (const layer of layers) {
    const parts = layer.path.split('/').filter((part) => part !== '' && part !== '.');
    const name = parts.pop();
    if (name === undefined || parts.length > MAX_DEPTH || parts.includes('..')) continue;
    let directory = root;
    for (const part of parts) {
      const next = directory.directories.get(part) ?? { files: new Map(), directories: new Map() };
      directory.directories.set(part, next);
      directory = next;
    }
    directory.files.set(name, layer.size);
  }
  return listed(root);
}

function listed(directory: Directory): ModelFile[] {
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
  return [
    ...[...directory.directories]
      .sort(byName)
      .map(([name, inner]) => ({ name, type: 'directory', children: listed(inner) }) as const),
    ...[...directory.files].sort(byName).map(([name, size]) => ({ name, type: 'file', size }) as const),
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}
