/** How large and how long a campaign is. */
export interface Profile {
  readonly name: string;
  /** Time with harm; the checks come on top. It goes on until there was so much of what follows, which a slow machine takes longer for. */
  readonly seconds: number;
  readonly longestSeconds: number;
  readonly kills: number;
  readonly acknowledged: number;
  /** Blobs that collections which came to their end took. */
  readonly collectedBlobs: number;
  readonly clients: {
    readonly shared: number;
    readonly owners: number;
    readonly releases: number;
    readonly aged: number;
    readonly projects: number;
    /** Who change limits while they push. */
    readonly quotas: number;
    /** Who push as robots that they make, and disable or delete meanwhile. */
    readonly robots: number;
    /** Who try what they may not: about a tenth of all. */
    readonly strangers: number;
  };
  /** Bytes of the largest layer. */
  readonly largestLayer: number;
  /** Mean milliseconds from one harm to the next. */
  readonly pace: number;
  /** The registry's grace time in seconds: what nothing needs may be collected after twice that. */
  readonly graceSeconds: number;
  readonly cores: number;
  readonly workers: number;
  /** Of the content's own file system; left out where it cannot be mounted. */
  readonly volumeMegabytes: number;
}

const CLIENTS = { shared: 8, owners: 4, releases: 2, aged: 2, projects: 1, quotas: 1, robots: 1, strangers: 2 };

/** `smoke` is for every run of the tests, `planted` for each planted bug, `full` for evidence, by command. */
export const PROFILES: Readonly<Record<'smoke' | 'planted' | 'full', Profile>> = {
  smoke: {
    name: 'smoke',
    seconds: 60,
    longestSeconds: 600,
    kills: 20,
    acknowledged: 400,
    collectedBlobs: 1,
    clients: CLIENTS,
    largestLayer: 200_000,
    pace: 900,
    graceSeconds: 5,
    cores: 2,
    workers: 2,
    volumeMegabytes: 2000,
  },
  planted: {
    name: 'planted',
    seconds: 20,
    longestSeconds: 90,
    kills: 3,
    acknowledged: 300,
    collectedBlobs: 0,
    clients: CLIENTS,
    largestLayer: 20_000,
    pace: 3000,
    graceSeconds: 30,
    cores: 1,
    workers: 1,
    volumeMegabytes: 500,
  },
  full: {
    name: 'full',
    seconds: 1200,
    longestSeconds: 1500,
    kills: 200,
    acknowledged: 10_000,
    collectedBlobs: 100,
    clients: CLIENTS,
    largestLayer: 8_000_000,
    pace: 2000,
    graceSeconds: 10,
    cores: 3,
    workers: 2,
    volumeMegabytes: 24_000,
  },
};
