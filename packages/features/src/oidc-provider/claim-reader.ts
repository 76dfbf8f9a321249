import type { OidcSettings } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type Matcher, regularExpressionMatcher } from '../pattern/index.ts';
import { type Claims, type ReadClaims, readClaims } from './claims.rules.ts';

const MAX_FILTERS = 64;

/** Reads claims as a source's settings say; keeps compiled group filters. */
@Injectable()
export class ClaimReader {
  readonly #filters = new Map<string, Matcher>();

  /** Throws BAD_REQUEST for a group filter that is no expression. */
  read(settings: OidcSettings, proven: { readonly idToken: Claims; readonly userInfo: Claims | null }): ReadClaims {
    return readClaims(settings, this.#filterOf(settings.group_filter), proven.idToken, proven.userInfo);
  }

  #filterOf(source: string): Matcher | null {
    if (source === '') return null;
    const known = this.#filters.get(source);
    if (known) return known;
    if (this.#filters.size >= MAX_FILTERS) this.#filters.clear();
    const matcher = regularExpressionMatcher(source);
    this.#filters.set(source, matcher);
    return matcher;
  }
}
