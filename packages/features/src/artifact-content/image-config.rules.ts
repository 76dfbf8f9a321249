import type { AnswerOf, BuildHistoryEntry, getArtifactConfig } from '@moorage/contracts';
import { isObject, platformOf, textList, textMap } from '../artifact/index.ts';

type ImageConfig = AnswerOf<typeof getArtifactConfig>;

/** Lines of history and layers that are shown; images have a few dozen. */
const MAX_LINES = 2_000;
/** A command or text of a config is cut here. */
const MAX_TEXT = 16_384;

interface Layer {
  readonly digest: string;
  readonly media_type: string;
  readonly size: number;
}

/** Parses a pushed JSON object; null for everything else. Nesting that overflows the parser counts as unreadable. */
export function jsonObject(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The history of an image's config, oldest first (ART-6). */
export function buildHistory(config: Record<string, unknown>): BuildHistoryEntry[] {
  return historyOf(config).map((entry) => ({
    ...textOf(entry, 'created'),
    ...textOf(entry, 'created_by'),
    ...textOf(entry, 'author'),
    ...textOf(entry, 'comment'),
    ...(typeof entry.empty_layer === 'boolean' ? { empty_layer: entry.empty_layer } : {}),
  }));
}

/** An image's config and layers as the portal shows them. What a pusher left out or got wrong is empty. */
export function imageConfig(
  blob: { readonly digest: string; readonly mediaType: string },
  config: Record<string, unknown>,
  manifest: Record<string, unknown>,
): ImageConfig {
  const run = isObject(config.config) ? config.config : {};
  const platform = platformOf(config);
  return {
    digest: blob.digest,
    media_type: blob.mediaType,
    ...(platform ? { platform } : {}),
    ...textOf(config, 'created'),
    ...textOf(config, 'author'),
    env: textList(run.Env) ?? [],
    entrypoint: textList(run.Entrypoint) ?? [],
    cmd: textList(run.Cmd) ?? [],
    user: text(run.User),
    working_dir: text(run.WorkingDir),
    exposed_ports: keysOf(run.ExposedPorts),
    volumes: keysOf(run.Volumes),
    labels: textMap(run.Labels) ?? {},
    ...(text(run.StopSignal) === '' ? {} : { stop_signal: text(run.StopSignal) }),
    layers: layersWithCommands(layersOf(manifest), historyOf(config)),
  };
}

/** Layers and the history lines that made them: lines with `empty_layer` made none. */
function layersWithCommands(
  layers: readonly Layer[],
  history: readonly Record<string, unknown>[],
): ImageConfig['layers'] {
  const lines = history.filter((entry) => entry.empty_layer !== true);
  return layers.map((layer, index) => {
    const line = lines[index] ?? {};
    return { ...layer, command: text(line.created_by), ...textOf(line, 'created') };
  });
}

function layersOf(manifest: Record<string, unknown>): Layer[] {
  const layers = Array.isArray(manifest.layers) ? manifest.layers.slice(0, MAX_LINES) : [];
  return layers.filter(isObject).map((layer) => ({
    digest: text(layer.digest),
    media_type: text(layer.mediaType),
    size: typeof layer.size === 'number' && Number.isSafeInteger(layer.size) ? layer.size : 0,
  }));
}

function historyOf(config: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(config.history) ? config.history.slice(0, MAX_LINES).filter(isObject) : [];
}

function keysOf(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}

function textOf<K extends string>(object: Record<string, unknown>, key: K): { [P in K]?: string } {
  return typeof object[key] === 'string' ? ({ [key]: text(object[key]) } as { [P in K]?: string }) : {};
}
