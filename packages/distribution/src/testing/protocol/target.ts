/** Credentials for everything on the named repositories, and the catalog. */
export interface WantedAccess {
  readonly repositories: readonly string[];
}

/** A running registry that the protocol suite talks to. */
export interface ProtocolTarget {
  /** Origin, for instance http://127.0.0.1:5000. */
  readonly baseUrl: string;
  /** Start of every repository name, ending in a slash, where the registry wants one; the suite makes up the rest. */
  readonly prefix?: string;
  /** Value of the Authorization header; absent for a registry that asks for none. */
  readonly authorization?: (wanted: WantedAccess) => Promise<string>;
  /** Ends the process without warning and starts it again on the same storage; absent when nothing would survive. */
  readonly restart?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export type StartTarget = () => Promise<ProtocolTarget>;
