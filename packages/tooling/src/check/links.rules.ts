import { posix } from 'node:path';
import type { Finding, SourceFile } from './tree.rules.ts';

const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

/** Checks that every relative link in a Markdown file leads to a file, and every `#anchor` to a heading. */
export function checkLinks(files: readonly SourceFile[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(files.flatMap(({ path }) => ancestors(path)));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((page) =>
      linksOf(page.text).flatMap((link) => {
        const problem = checkLink(page.path, link, byPath, folders);
        return problem ? [{ rule: 'broken-link', path: page.path, message: `${problem}: ${link}` }] : [];
      }),
    );
}

function checkLink(
  from: string,
  link: string,
  files: ReadonlyMap<string, SourceFile>,
  folders: ReadonlySet<string>,
): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return null;
  const [target = '', anchor] = link.split('#');
  const path = target === '' ? from : posix.normalize(posix.join(posix.dirname(from), decodeURIComponent(target)));
  const file = files.get(path.replace(/\/$/, ''));
  if (!file) return folders.has(path.replace(/\/$/, '')) ? null : 'the link leads nowhere';
  if (!anchor || !path.endsWith('.md')) return null;
  return headingsOf(file.text).includes(anchor) ? null : 'no heading has that anchor';
}

/** Links outside code blocks and code spans. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(LINK)].map((match) => match[1] ?? '');
}

/** Anchors as Markdown renderers make them from headings: lower case, punctuation dropped, hyphens for spaces. */
function headingsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#{1,6}\s+(.+)$/gm)].map((match) => match[1] ?? '');
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

function ancestors(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}
