import type { DataFile, Slice } from './data-file.ts';

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';
const CONFIG_BYTES = 1024;
const LAYER_BYTES = 10 * 1024;

/** A small image in the data file. */
export interface SmallImage {
  readonly config: Slice;
  readonly layers: readonly Slice[];
  readonly manifest: Slice;
}

/** Adds an image of a 1 KB configuration and three layers of 10 KiB; `shared` layers are used before own ones. */
export function addSmallImage(data: DataFile, name: string, shared: readonly Slice[] = []): SmallImage {
  const empty = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] }, author: '' };
  const padding = CONFIG_BYTES - JSON.stringify(empty).length;
  const config = data.addText(JSON.stringify({ ...empty, author: name.padEnd(padding, '.') }));
  const layers = [...shared];
  while (layers.length < 3) layers.push(data.addNoise(LAYER_BYTES));
  const manifest = data.addText(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: descriptor(CONFIG_TYPE, config),
      layers: layers.map((layer) => descriptor(LAYER_TYPE, layer)),
    }),
  );
  return { config, layers, manifest };
}

function descriptor(mediaType: string, { digest, length }: Slice) {
  return { mediaType, digest, size: length };
}
