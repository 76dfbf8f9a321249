import type { ManifestContent } from '@moorage/distribution';
import { artifactTypeOf, isImage } from './manifest.rules.ts';

/** Larger configs are not read. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** More than this is not kept: every list of artifacts carries the attributes. */
const MAX_ATTRIBUTES_BYTES = 64 * 1024;
const MAX_DEPTH = 16;

/** Harbor's, and what else a platform is made of. */
const IMAGE_ATTRIBUTES = [
  'architecture',
  'author',
  'config',
  'created',
  'os',
  'os.features',
  'os.version',
  'variant',
] as const;
/** The whole config describes an artifact of any other type, one that its pushers made up too (ART-3). */
const NOT_DESCRIBED_BY_CONFIG = new Set(['IMAGE', 'SBOM', 'UNKNOWN']);
/** On the config's descriptor: names of attributes that are not to be shown, with commas between them. */
const SKIP_ANNOTATION = 'io.goharbor.artifact.v1alpha1.skip-list';

/** Whether the config of a manifest tells something that is kept as attributes. */
export function hasReadableConfig(content: ManifestContent): boolean {
  const { config } = content;
  if (config === undefined || config.size > MAX_CONFIG_BYTES) return false;
  return isImage(content) || !NOT_DESCRIBED_BY_CONFIG.has(artifactTypeOf(content));
}

/**
 * The attributes (`extra_attrs`) in a config blob, ready for a jsonb column. Configs are the pusher's own bytes: what is
 * no JSON object, too deep or too large gives fewer attributes or none, never an error.
 */
export function attributesOf(content: ManifestContent, config: Buffer): Record<string, unknown> {
  const parsed = parseObject(config);
  if (!parsed) return {};
  if (isImage(content)) nameAuthor(parsed);
  const names = isImage(content)
    ? IMAGE_ATTRIBUTES.filter((name) => Object.hasOwn(parsed, name))
    : shownNames(parsed, content.config?.annotations?.[SKIP_ANNOTATION] ?? '');
  const attributes: Record<string, unknown> = {};
  let room = MAX_ATTRIBUTES_BYTES;
  for (const name of names) {
    const value = storable(parsed[name]);
    const size = Buffer.byteLength(JSON.stringify(value)) + name.length;
    if (size > room || !isPlainName(name)) continue;
    room -= size;
    attributes[name] = value;
  }
  return attributes;
}

function shownNames(parsed: Record<string, unknown>, skipList: string): string[] {
  const skipped = new Set(skipList.split(',').map((name) => name.trim()));
  return Object.keys(parsed).filter((name) => !skipped.has(name));
}

/** An image without an author has the one its label `maintainer` names, as in Harbor. */
function nameAuthor(parsed: Record<string, unknown>): void {
  const { author, config } = parsed;
  if (typeof author === 'string' && author !== '') return;
  const labels = isObject(config) ? config['Labels'] : null;
  const maintainer = isObject(labels) ? labels['maintainer'] : null;
  if (typeof maintainer === 'string') parsed['author'] = maintainer;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(bytes: Buffer): Record<string, unknown> | null {
  if (bytes.length > MAX_CONFIG_BYTES || isTooDeep(bytes)) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Counts brackets outside strings before anything recursive sees the text. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes[index];
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

function isPlainName(name: string): boolean {
  return name.length <= 255 && name !== '__proto__' && storableText(name) === name;
}

/** Replaces what jsonb cannot hold: NUL characters and halves of surrogate pairs. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), storable(member)]));
}

/** Text as PostgreSQL can hold it. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
