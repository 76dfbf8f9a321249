/** One entry of a layer. Directories end with a slash. */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Uint8Array;
  /** Permission bits; 0o755 for directories and 0o644 for files unless given. */
  readonly mode?: number;
  /** Makes the entry a symbolic link to this path. */
  readonly linkTo?: string;
}

const BLOCK = 512;

/** A ustar archive with fixed times and owner 0, so that equal entries give equal bytes. Paths of at most 100 bytes. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '');
    blocks.push(headerOf(entry, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(entry: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(entry.path) > 100) throw new Error(`tar path longer than 100 bytes: ${entry.path}`);
  const directory = entry.path.endsWith('/');
  const header = Buffer.alloc(BLOCK);
  header.write(entry.path, 0);
  octal(header, 100, 8, entry.mode ?? (directory ? 0o755 : 0o644));
  octal(header, 108, 8, 0);
  octal(header, 116, 8, 0);
  octal(header, 124, 12, size);
  octal(header, 136, 12, 0);
  header.fill(' ', 148, 156);
  header.write(directory ? '5' : entry.linkTo === undefined ? '0' : '2', 156);
  header.write(entry.linkTo ?? '', 157);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function octal(header: Buffer, offset: number, width: number, value: number): void {
  header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, offset);
}
