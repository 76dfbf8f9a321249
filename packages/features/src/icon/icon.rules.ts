import { createHash } from 'node:crypto';

/** An icon with the digest of its bytes. */
export interface Icon {
  readonly digest: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** What is drawn for a type, in a square of 24; every icon is stroked alike. */
const SHAPES: Readonly<Record<string, string>> = {
  IMAGE: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5',
  CHART:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v5M12 16v5M3 12h5M16 12h5M5.6 5.6l3.6 3.6M14.8 14.8l3.6 3.6M18.4 5.6l-3.6 3.6M9.2 14.8l-3.6 3.6',
  CNAB: 'M4 8h16v12H4zM4 8l3-4h10l3 4M12 4v8',
  WASM: 'M4 4h5a3 3 0 0 0 6 0h5v16H4zM7 12l1.5 5L10 13l1.5 4 1.5-5M15 17l1.5-5 1.5 5',
  CNAI: 'M12 4v4M6 8h12v10H6zM9.5 12v1M14.5 12v1M3 12v3M21 12v3M10 15.5h4',
  SBOM: 'M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7M9 8h3',
  SIGNATURE: 'M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6zM8.5 12l2.5 2.5 4.5-5',
  OTHER: 'M6 3h9l4 4v14H6zM15 3v4h4',
};

const ICONS: ReadonlyMap<string, Icon> = new Map(
  Object.entries(SHAPES).map(([type, path]) => {
    const bytes = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50" viewBox="0 0 24 24" fill="none" stroke="#2b6777" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"><path d="${path}"/></svg>`,
    );
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    return [type, { digest, contentType: 'image/svg+xml', bytes }];
  }),
);
const BY_DIGEST: ReadonlyMap<string, Icon> = new Map([...ICONS.values()].map((icon) => [icon.digest, icon]));

/** The digest of the icon for a type of artifact (ART-3) or accessory (ART-5). */
export function iconOf(type: string): string {
  const kind = type.startsWith('signature.') ? 'SIGNATURE' : type === 'sbom.harbor' ? 'SBOM' : type;
  return (ICONS.get(kind) ?? (ICONS.get('OTHER') as Icon)).digest;
}

/** The icon of that digest; null for every other. */
export function findIcon(digest: string): Icon | null {
  return BY_DIGEST.get(digest) ?? null;
}
