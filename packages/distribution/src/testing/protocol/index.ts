import { describe } from 'vitest';
import { describeBlobPull } from './blob-pull.ts';
import { describeBlobPush } from './blob-push.ts';
import { describeChunkedUpload } from './chunked-upload.ts';
import { describeClientSequences } from './client-sequences.ts';
import { describeConcurrency } from './concurrency.ts';
import { describeDeletion } from './deletion.ts';
import { describeLists } from './lists.ts';
import { describeManifestPushPull } from './manifest-push-pull.ts';
import { describeManifestRefusal } from './manifest-refusal.ts';
import { describeMount } from './mount.ts';
import { describeReferrers } from './referrers.ts';
import type { StartTarget } from './target.ts';
import { describeTransport } from './transport.ts';

export type { ProtocolTarget, StartTarget, WantedAccess } from './target.ts';

/**
 * The protocol as tests: everything the official conformance program checks and what it leaves out (peers.md §A6). Runs
 * against any registry over HTTP; `start` is called once per subject and may return the same registry every time.
 */
export function describeProtocol(title: string, start: StartTarget): void {
  describe(`protocol: ${title}`, () => {
    describeTransport(start);
    describeBlobPush(start);
    describeChunkedUpload(start);
    describeMount(start);
    describeBlobPull(start);
    describeManifestPushPull(start);
    describeManifestRefusal(start);
    describeLists(start);
    describeReferrers(start);
    describeDeletion(start);
    describeConcurrency(start);
    describeClientSequences(start);
  });
}
