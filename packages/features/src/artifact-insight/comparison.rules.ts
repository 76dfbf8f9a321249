import type { ArtifactComparison, ImageConfig } from '@moorage/contracts';

type Change = ArtifactComparison['env'][number];
type Layer = ImageConfig['layers'][number];

/** What of an artifact is compared. */
export interface Comparable {
  /** Null for what has no image configuration. */
  readonly config: Omit<ImageConfig, 'layers'> | null;
  readonly layers: readonly Layer[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** What two artifacts have in common and where they differ. */
export function compare(
  base: Comparable,
  other: Comparable,
): Pick<ArtifactComparison, 'layers' | 'layer_bytes' | 'config' | 'env' | 'labels' | 'annotations'> {
  const layers = compareLayers(base.layers, other.layers);
  const bytesIn = (where: string) =>
    layers.filter((layer) => layer.in === where).reduce((sum, layer) => sum + layer.size, 0);
  return {
    layers,
    layer_bytes: { both: bytesIn('both'), base: bytesIn('base'), other: bytesIn('other') },
    config: differences(plainConfig(base.config), plainConfig(other.config)),
    env: differences(environment(base.config), environment(other.config)),
    labels: differences(base.config?.labels ?? {}, other.config?.labels ?? {}),
    annotations: differences(base.annotations, other.annotations),
  };
}

/** Layers in the order of the base; what only the other has stands where it comes in the other. */
function compareLayers(base: readonly Layer[], other: readonly Layer[]): ArtifactComparison['layers'] {
  const [inBase, inOther] = [base, other].map((layers) => new Set(layers.map((layer) => layer.digest)));
  const merged: ArtifactComparison['layers'] = [];
  let next = 0;
  const takeOwn = (until: string | null) => {
    for (; next < other.length && other[next]?.digest !== until; next++) {
      const layer = other[next];
      if (layer && !inBase?.has(layer.digest)) merged.push(row(layer, 'other'));
    }
  };
  for (const layer of base) {
    const shared = inOther?.has(layer.digest) ?? false;
    if (shared && other.slice(next).some((candidate) => candidate.digest === layer.digest)) takeOwn(layer.digest);
    merged.push(row(layer, shared ? 'both' : 'base'));
  }
  takeOwn(null);
  return merged;
}

function row(layer: Layer, where: 'both' | 'base' | 'other'): ArtifactComparison['layers'][number] {
  return {
    digest: layer.digest,
    media_type: layer.media_type,
    size: Math.max(0, layer.size),
    command: layer.command,
    in: where,
  };
}

function plainConfig(config: Comparable['config']): Record<string, string> {
  if (!config) return {};
  const list = (values: readonly string[]) => (values.length === 0 ? undefined : JSON.stringify(values));
  const fields = {
    platform: config.platform ? Object.values(config.platform).flat().join('/') : undefined,
    created: config.created,
    author: config.author,
    user: config.user || undefined,
    working_dir: config.working_dir || undefined,
    entrypoint: list(config.entrypoint),
    cmd: list(config.cmd),
    exposed_ports: list(config.exposed_ports.toSorted()),
    volumes: list(config.volumes.toSorted()),
    stop_signal: config.stop_signal,
  };
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

function environment(config: Comparable['config']): Record<string, string> {
  const pairs = (config?.env ?? []).map((line): [string, string] => {
    const equals = line.indexOf('=');
    return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
  });
  return Object.fromEntries(pairs);
}

function differences(base: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): Change[] {
  const [a, b] = [new Map(Object.entries(base)), new Map(Object.entries(other))];
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((key) => {
    const change = { key, base: a.get(key) ?? null, other: b.get(key) ?? null };
    return change.base === change.other ? [] : [change];
  });
}

/** A part of an index with its platform as text. */
export interface PlatformPart {
  readonly platform: string;
  readonly digest: string;
}

/** The parts to compare of two indexes: of the wanted platform, or of the first both have; null when there is none. */
export function choosePlatform(
  base: readonly PlatformPart[],
  other: readonly PlatformPart[],
  wanted: string | undefined,
): { platform: string; base: string; other: string; common: string[] } | null {
  const others = new Map(other.map((part) => [part.platform, part.digest]));
  const common = base.filter((part) => others.has(part.platform));
  const chosen = wanted === undefined ? common[0] : common.find((part) => part.platform === wanted);
  const match = chosen && others.get(chosen.platform);
  return chosen && match !== undefined
    ? { platform: chosen.platform, base: chosen.digest, other: match, common: common.map((part) => part.platform) }
    : null;
}
