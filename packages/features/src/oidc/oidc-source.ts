import { Injectable } from '@nestjs/common';
import type { SourceCheck } from '@moorage/contracts';
import type {
  AnySource,
  KnownIdentity,
  RefreshOutcome,
  SourceDraft,
  SourceKindHandler,
} from '../identity-source/index.ts';
import { ClaimReader, isGone, proofOf, ProviderService, signInErrorOf } from '../oidc-provider/index.ts';
import { OidcSourceTests } from './oidc-source-tests.ts';

/** What identity sources of kind `oidc` can do. */
@Injectable()
export class OidcSourceHandler implements SourceKindHandler {
  readonly kind = 'oidc';
  readonly #providers: ProviderService;
  readonly #tests: OidcSourceTests;
  readonly #reader: ClaimReader;

  constructor(providers: ProviderService, tests: OidcSourceTests, reader: ClaimReader) {
    this.#providers = providers;
    this.#tests = tests;
    this.#reader = reader;
  }

  loginUrl(source: AnySource): string {
    return `/c/oidc/login?source=${source.id}`;
  }

  async test(draft: SourceDraft): Promise<readonly SourceCheck[]> {
    return draft.kind === 'oidc' ? this.#tests.run(draft) : [];
  }

  async refresh(source: AnySource, identity: KnownIdentity): Promise<RefreshOutcome> {
    const { refreshToken, subject } = identity;
    if (source.kind !== 'oidc') return { kind: 'unknown', reason: 'the source is of another kind' };
    if (refreshToken === null) return { kind: 'unknown', reason: 'the provider gave no refresh token' };
    try {
      const proven = await this.#providers.refresh(source, subject, refreshToken);
      if (proven.userInfo === null && Object.keys(proven.idToken).length === 0) {
        return { kind: 'unknown', reason: 'the provider says nothing when asked again' };
      }
      const claims = this.#reader.read(source.settings, proven);
      return { kind: 'confirmed', proof: proofOf(proven, claims, proven.refreshToken) };
    } catch (error) {
      const { failure, reason } = signInErrorOf(error);
      return { kind: failure === 'identity' || isGone(error) ? 'gone' : 'unknown', reason };
    }
  }
}
