import type { Secret } from '@moorage/config';
import { type DestinationEntry, parseDestinationList } from '@moorage/contracts';

/** What the operator fixes in the environment of the process; lists add to those of the settings. */
export interface EgressVariables {
  readonly egressAllow?: string | undefined;
  readonly egressDeny?: string | undefined;
  readonly egressProxy?: Secret<string> | undefined;
  readonly egressNoProxy?: string | undefined;
}

/** The part of the configuration outgoing connections read. */
export class EgressEnvironment {
  readonly allow: readonly DestinationEntry[];
  readonly deny: readonly DestinationEntry[];
  /** An http:// or https:// proxy that carries outgoing HTTP; may hold a user name and a password. */
  readonly proxy: URL | null;
  readonly noProxy: readonly DestinationEntry[];

  /** Throws when a list cannot be read. */
  constructor(variables: EgressVariables) {
    this.allow = entriesOf('MOORAGE_EGRESS_ALLOW', variables.egressAllow);
    this.deny = entriesOf('MOORAGE_EGRESS_DENY', variables.egressDeny);
    this.proxy = variables.egressProxy ? new URL(variables.egressProxy.reveal()) : null;
    this.noProxy = entriesOf('MOORAGE_EGRESS_NO_PROXY', variables.egressNoProxy);
  }
}

function entriesOf(name: string, text: string | undefined): readonly DestinationEntry[] {
  const { entries, problems } = parseDestinationList(text ?? '');
  if (problems.length > 0) throw new Error(`${name} must be a list of hosts and networks; cannot read ${problems[0]}`);
  return entries;
}
