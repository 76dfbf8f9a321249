import { argon2Sync } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { HashReply, HashRequest } from './hash-thread.ts';

giveWay();

/** Computes one hash after the other. */
parentPort?.on('message', ({ message, nonce, tagLength, cost }: HashRequest) => {
  let reply: HashReply;
  try {
    reply = { hash: argon2Sync('argon2id', { message, nonce, tagLength, ...cost }) };
  } catch (error) {
    reply = { failure: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});

/**
 * Hashes use up whole processors while others only need a moment of one: on Linux, where threads have a priority of their
 * own, this one takes what is left over (S13). Elsewhere the hash is computed all the same.
 */
function giveWay(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // No such files, or no such right.
  }
}
