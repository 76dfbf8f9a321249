import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative } from 'node:path';
import { setPortalHeaders } from './security-headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  webmanifest: 'application/manifest+json',
  txt: 'text/plain; charset=utf-8',
};

interface PortalFile {
  readonly path: string;
  readonly size: number;
  readonly type: string;
  readonly isHashed: boolean;
}

/** Serves the portal's built files; every address that is not a file is a page of the single-page app. */
export class PortalFiles {
  readonly #files: ReadonlyMap<string, PortalFile>;

  /** The folder is read once; only files found then are ever served. */
  constructor(folder: string) {
    this.#files = existsSync(folder) ? listFiles(folder) : new Map();
  }

  /** Whether there is a portal to serve. */
  get isPresent(): boolean {
    return this.#files.has('/index.html');
  }

  /** Answers GET and HEAD; false when the request is not for the portal. */
  serve(request: IncomingMessage, response: ServerResponse, isHttps: boolean): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = (request.url ?? '/').split(/[?#]/, 1)[0] as string;
    const isAsset = path.startsWith('/assets/');
    const file = this.#files.get(path) ?? (isAsset ? undefined : this.#files.get('/index.html'));
    if (!file) return false;
    setPortalHeaders(response, isHttps);
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': file.size,
      'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response);
    return true;
  }
}

function listFiles(folder: string): Map<string, PortalFile> {
  const files = new Map<string, PortalFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(folder, path).replaceAll('\\', '/')}`;
    const type = TYPES[entry.name.slice(entry.name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    files.set(url, { path, size: statSync(path).size, type, isHashed: url.startsWith('/assets/') });
  }
  return files;
}
