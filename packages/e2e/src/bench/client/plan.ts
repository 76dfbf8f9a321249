import type { Slice } from './data-file.ts';

/** The requests of one run, in the language of load.c. */
export class Plan {
  readonly #lines: string[] = [];

  /** Begins a group of requests that one connection sends in order and whose time is taken together. */
  unit(): this {
    return this.#add('unit');
  }

  get(path: string): this {
    return this.#add(`get ${path}`);
  }

  /** A GET with Basic credentials of its own. */
  getAs(path: string, { name, secret }: { readonly name: string; readonly secret: string }): this {
    return this.#add(`basic ${path} ${Buffer.from(`${name}:${secret}`).toString('base64')}`);
  }

  head(path: string): this {
    return this.#add(`head ${path}`);
  }

  /** A HEAD that must answer 404, as clients send before a push. */
  miss(path: string): this {
    return this.#add(`miss ${path}`);
  }

  delete(path: string): this {
    return this.#add(`delete ${path}`);
  }

  /** Pushes a blob in one request after the one that begins the upload. */
  push(repository: string, { digest, offset, length }: Slice): this {
    return this.#add(`push ${repository} ${digest} ${offset} ${length}`);
  }

  /** Pushes a blob in chunks. */
  patch(repository: string, { digest, offset, length }: Slice, chunk: number): this {
    return this.#add(`patch ${repository} ${digest} ${offset} ${length} ${chunk}`);
  }

  /** Takes a blob over from another repository. */
  mount(repository: string, digest: string, from: string): this {
    return this.#add(`mount /v2/${repository}/blobs/uploads/?mount=${digest}&from=${from}`);
  }

  /** Puts a manifest under a tag or digest. */
  manifest(repository: string, reference: string, mediaType: string, { offset, length }: Slice): this {
    return this.#add(`put /v2/${repository}/manifests/${reference} ${mediaType} ${offset} ${length}`);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #add(line: string): this {
    this.#lines.push(line);
    return this;
  }
}

/** A plan of one request per unit. */
export function planOf(method: 'get' | 'head' | 'delete', paths: readonly string[]): Plan {
  const plan = new Plan();
  for (const path of paths) plan.unit()[method](path);
  return plan;
}
