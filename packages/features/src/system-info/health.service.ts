import type { OverallHealth } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Component, Installation } from './component.ts';
import { HeartbeatStore } from './heartbeat.store.ts';
import { WORKER } from './system-info.jobs.ts';

/** How old an answer may be: probes and dashboards ask often, and from outside (S115). */
const FRESH_MS = 5_000;
const TIMEOUT_MS = 5_000;
/** Four missed beats. */
const WORKER_SILENCE_SECONDS = 20;
const MAX_ERROR = 256;

interface Finding {
  readonly name: string;
  readonly isVital: boolean;
  /** Absent when healthy. */
  readonly error?: string;
}

/** Whether each part of the installation works (HLT-1). */
@Injectable()
export class HealthService {
  readonly #components: readonly Component[];
  readonly #clock: Clock;
  #latest: { readonly at: number; readonly findings: Promise<readonly Finding[]> } | null = null;

  constructor(installation: Installation, heartbeats: HeartbeatStore, clock: Clock) {
    this.#clock = clock;
    this.#components = [
      { name: 'core', isVital: true, check: () => Promise.resolve() },
      { name: 'database', isVital: true, check: () => heartbeats.ping() },
      { name: 'jobservice', isVital: false, check: () => requireBeat(heartbeats) },
      ...installation.components,
    ];
  }

  /** State of all parts, at most five seconds old. Reasons are for administrators: they may name hosts and paths. */
  async overall(withReasons: boolean): Promise<OverallHealth> {
    const findings = await this.#findings();
    return {
      status: findings.every((finding) => finding.error === undefined) ? 'healthy' : 'unhealthy',
      components: findings.map(({ name, error }) => ({
        name,
        status: error === undefined ? 'healthy' : 'unhealthy',
        ...(error !== undefined && withReasons ? { error } : {}),
      })),
    };
  }

  /** Whether this process can serve at all: every vital part works. */
  async isReady(): Promise<boolean> {
    const findings = await this.#findings();
    return findings.every((finding) => !finding.isVital || finding.error === undefined);
  }

  #findings(): Promise<readonly Finding[]> {
    const now = this.#clock.now().getTime();
    if (this.#latest && Math.abs(now - this.#latest.at) < FRESH_MS) return this.#latest.findings;
    const findings = Promise.all(this.#components.map((component) => find(component)));
    this.#latest = { at: now, findings };
    return findings;
  }
}

async function find(component: Component): Promise<Finding> {
  const { name, isVital } = component;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([component.check(), timeout]);
    return { name, isVital };
  } catch (error) {
    return { name, isVital, error: (error instanceof Error ? error.message : String(error)).slice(0, MAX_ERROR) };
  } finally {
    clearTimeout(timer);
  }
}

async function requireBeat(heartbeats: HeartbeatStore): Promise<void> {
  const age = await heartbeats.age(WORKER);
  if (age === null) throw new Error('no worker has run yet; start one');
  if (age > WORKER_SILENCE_SECONDS) throw new Error(`no worker has run for ${Math.round(age)} s; start one`);
}
