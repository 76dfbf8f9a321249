import type { LiveUpload } from './live-upload.ts';

const MAX_KEPT = 256;
const KEEP_MS = 30_000;

/**
 * Keeps the files of uploads open between two requests of one client, a bounded number for a bounded time. What is
 * closed here is opened again when the upload continues.
 */
export class LiveUploads {
  readonly #kept = new Map<string, { readonly upload: LiveUpload; readonly timer: NodeJS.Timeout }>();

  /** Hands over the upload to one request; the next request finds nothing until {@link keep}. */
  take(id: string): LiveUpload | undefined {
    const entry = this.#kept.get(id);
    if (!entry) return undefined;
    clearTimeout(entry.timer);
    this.#kept.delete(id);
    return entry.upload;
  }

  async keep(id: string, upload: LiveUpload): Promise<void> {
    const timer = setTimeout(() => void this.drop(id).catch(() => undefined), KEEP_MS);
    timer.unref();
    await this.drop(id);
    this.#kept.set(id, { upload, timer });
    if (this.#kept.size <= MAX_KEPT) return;
    for (const oldest of this.#kept.keys()) {
      await this.drop(oldest);
      break;
    }
  }

  async drop(id: string): Promise<void> {
    await this.take(id)?.close();
  }

  async close(): Promise<void> {
    for (const id of this.#kept.keys()) await this.drop(id);
  }
}
