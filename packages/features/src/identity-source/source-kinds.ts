import type { SettingsOfKind, SourceCheck, SourceKind } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../http/index.ts';
import type { ExternalProof } from './external-account.rules.ts';
import type { AnySource } from './identity-source.rules.ts';

/** Settings that are not saved, or not yet. */
export type SourceDraft = {
  [K in SourceKind]: {
    readonly kind: K;
    readonly settings: SettingsOfKind[K];
    readonly secrets: Readonly<Record<string, string>>;
  };
}[SourceKind];

/** An account as its source is asked about it. */
export interface KnownIdentity {
  readonly userId: number;
  readonly issuer: string;
  readonly subject: string;
  /** What the source gave for asking again; null when it gave nothing. */
  readonly refreshToken: string | null;
}

/**
 * What a source says of an account when it is asked again. `gone`: it no longer vouches for it. `unknown`: it cannot be
 * asked, or did not answer; the reason is for the log.
 */
export type RefreshOutcome =
  | { readonly kind: 'confirmed'; readonly proof: ExternalProof }
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A name and a password for a source to check. */
export interface SourceCredentials {
  readonly name: string;
  readonly secret: string;
}

/**
 * What a source says of a name and a password. `absent`: it has nobody of that name. `refused`: wrong, or may not sign in;
 * the message is for somebody who knew the right password, null for everybody else.
 */
export type PasswordOutcome =
  | { readonly kind: 'proven'; readonly proof: ExternalProof }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly message: string | null };

/** What the room of one kind of source can do. */
export interface SourceKindHandler {
  readonly kind: SourceKind;
  /** Where browsers go to sign in through the source; null when it takes name and password. */
  loginUrl(source: AnySource): string | null;
  /** Tries settings that are not saved. Failures are checks with what to do about them, never errors. */
  test(draft: SourceDraft): Promise<readonly SourceCheck[]>;
  /** Checks a name and a password; only kinds that take them have it. Throws UNAVAILABLE when it cannot tell. */
  prove?(source: AnySource, credentials: SourceCredentials, origin: RequestOrigin): Promise<PasswordOutcome>;
  /** Asks the source about an account anew. Never throws. */
  refresh(source: AnySource, identity: KnownIdentity): Promise<RefreshOutcome>;
}

/** The kinds of sources this process can ask. Rooms add theirs when their module starts. */
@Injectable()
export class SourceKinds {
  readonly #handlers = new Map<SourceKind, SourceKindHandler>();

  add(handler: SourceKindHandler): void {
    if (this.#handlers.has(handler.kind)) throw new Error(`sources of kind ${handler.kind} have a handler already`);
    this.#handlers.set(handler.kind, handler);
  }

  of(kind: SourceKind): SourceKindHandler | null {
    return this.#handlers.get(kind) ?? null;
  }
}
