import type { UploadRoom } from '@moorage/distribution';

/** What a running request may still bring to a limited project. */
export class LimitedRoom implements UploadRoom {
  readonly refusal: string;
  /** Acknowledged bytes of the upload, which take room too. */
  readonly #taken: number;
  #room: number;
  #received = 0;

  /** `room`: bytes the upload may have in all. */
  constructor(room: number, taken: number, refusal: string) {
    this.#room = room;
    this.#taken = taken;
    this.refusal = refusal;
  }

  get bytes(): number {
    return Math.max(0, this.#room - this.#taken);
  }

  /** Bytes of the request so far. */
  get received(): number {
    return this.#received;
  }

  note(received: number): void {
    this.#received = received;
  }

  /** Others have brought bytes, or given up: this is what the upload may have in all now. */
  resize(room: number): void {
    this.#room = room;
  }
}
