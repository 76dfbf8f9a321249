/** Images pushed and pulled at a set pace; milliseconds of a whole image. */
export interface TrafficResult {
  readonly images: number;
  readonly failures: number;
  readonly pushP50Ms: number;
  readonly pushP99Ms: number;
  readonly pullP50Ms: number;
  readonly pullP99Ms: number;
  /** Processor cores that programs used meanwhile which have nothing to do with it. */
  readonly otherCores: number;
}

/** One collection with the traffic beside it. */
export interface GarbageRow {
  /** Blobs nothing needed, among all. */
  readonly dead: number;
  readonly all: number;
  /** From the request that starts the run to its end. */
  readonly seconds: number;
  /** From then until the last of their files was gone, and what of it they only wait. */
  readonly filesSeconds: number;
  readonly waitSeconds: number;
  readonly mustSeconds: number;
  readonly goalSeconds: number;
  /** While the run lasted, and then until the files were gone. */
  readonly traffic: TrafficResult;
  readonly filesTraffic: TrafficResult;
}

/** Collections at scale. */
export interface GarbageResult {
  readonly workers: number;
  readonly imagesPerSecond: number;
  /** Before the collections, over the same content. */
  readonly idle: TrafficResult;
  readonly rows: readonly GarbageRow[];
}

/** Promised in issue 4: of p99 while collecting over p99 while idle. */
export const GARBAGE_SLOWDOWN = 2;
