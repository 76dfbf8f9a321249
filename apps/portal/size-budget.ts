import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Limits in bytes after gzip at level 9. */
export interface SizeBudget {
  /** JavaScript of the entry and all it imports at once, before any page. */
  readonly entry: number;
  /** JavaScript that any one page adds to that. */
  readonly page: number;
  /** All style sheets together. */
  readonly styles: number;
}

/** Fails the build when a first visit would load more than the budget, and says what each part weighs. */
export function sizeBudget(budget: SizeBudget): Plugin {
  return {
    name: 'moorage-size-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const sizes = measure(bundle);
      const found = [
        over('entry', sizes.entry, budget.entry),
        ...[...sizes.pages].map(([name, size]) => over(`page ${name}`, size, budget.page)),
        over('style sheets', sizes.styles, budget.styles),
      ].filter((line) => line !== null);
      this.info(`first load ${kib(sizes.entry)} of JavaScript and ${kib(sizes.styles)} of styles, gzipped`);
      if (found.length > 0) this.error(`The portal is over its size budget:\n${found.join('\n')}`);
    },
  };
}

function measure(bundle: Rolldown.OutputBundle) {
  const parts = Object.values(bundle);
  const chunks = new Map(parts.filter((part) => part.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const weigh = (files: Iterable<string>) =>
    [...files].reduce((sum, file) => sum + gzipped(chunks.get(file)?.code ?? ''), 0);
  const entryFile = [...chunks.values()].find((chunk) => chunk.isEntry)?.fileName ?? '';
  const first = closure(entryFile, chunks);
  const pages = new Map<string, number>();
  for (const chunk of chunks.values()) {
    if (!chunk.isDynamicEntry || !/\.page-|project-frame/.test(chunk.fileName)) continue;
    pages.set(chunk.name, weigh([...closure(chunk.fileName, chunks)].filter((file) => !first.has(file))));
  }
  const styles = parts
    .filter((part) => part.type === 'asset' && part.fileName.endsWith('.css'))
    .reduce((sum, part) => sum + gzipped('source' in part ? part.source : ''), 0);
  return { entry: weigh(first), pages, styles };
}

function closure(file: string, chunks: ReadonlyMap<string, Rolldown.OutputChunk>): Set<string> {
  const found = new Set<string>();
  for (const queue = [file]; queue.length > 0; ) {
    const next = queue.pop() ?? '';
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(chunks.get(next)?.imports ?? []));
  }
  return found;
}

function gzipped(content: string | Uint8Array): number {
  return gzipSync(content, { level: 9 }).length;
}

function over(what: string, size: number, limit: number): string | null {
  return size > limit ? `  ${what}: ${kib(size)}, at most ${kib(limit)}` : null;
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`;
}
