import type { IncomingMessage } from 'node:http';
import { isPassing } from '@moorage/database';
import { type Decision, type RequiredAccess, StoreUnavailable } from '@moorage/distribution';
import type { RequestOrigin } from '@moorage/features/http';
import { registryCaller } from '@moorage/features/registry';
import { READ_ONLY_REFUSAL, type SettingsService } from '@moorage/features/settings';
import type { GateAnswer, RegistryGate } from '@moorage/features/token';

/** Lets the gate decide in the engine's words, and keeps changes out in read-only mode. */
export class RegistryAccess {
  readonly #gate: RegistryGate;
  readonly #settings: SettingsService;

  constructor(gate: RegistryGate, settings: SettingsService) {
    this.#gate = gate;
    this.#settings = settings;
  }

  authorize(message: IncomingMessage, origin: RequestOrigin, needed: RequiredAccess): Decision | Promise<Decision> {
    const { authorization, host } = message.headers;
    const decided = this.#gate.decide({ authorization, host, origin, need: needed });
    const answer = decided instanceof Promise ? decided.catch(refuseToGuess) : decided;
    if (isChange(needed)) return this.#unlessReadOnly(answer, needed);
    // Reads stay free of promises when nothing has to be looked up.
    return answer instanceof Promise ? answer.then((known) => decisionOf(known, needed)) : decisionOf(answer, needed);
  }

  async #unlessReadOnly(answer: GateAnswer | Promise<GateAnswer>, needed: RequiredAccess): Promise<Decision> {
    const decision = decisionOf(await answer, needed);
    if (!decision.allowed || !(await this.#settings.get()).read_only) return decision;
    return {
      allowed: false,
      status: 403,
      code: 'DENIED',
      message: READ_ONLY_REFUSAL,
    };
  }
}

/** Clients repeat a push after 503, not after 500: while the database is away nobody is known, and that passes. */
function refuseToGuess(error: unknown): never {
  throw isPassing(error) ? new StoreUnavailable(error, 2) : error;
}

function isChange(needed: RequiredAccess): boolean {
  return needed.kind === 'repository' && needed.action !== 'pull';
}

function decisionOf(answer: GateAnswer, needed: RequiredAccess): Decision {
  if (!answer.allowed) return answer;
  const caller = registryCaller(answer.caller);
  if (needed.kind === 'catalog') return { allowed: true, caller, catalog: 'all' };
  if (needed.kind === 'ping') return { allowed: true, caller };
  return {
    allowed: true,
    caller,
    repository: { name: needed.name, namespaceId: answer.projectId },
    ...(needed.mountFrom !== undefined && answer.mountProjectId !== undefined
      ? { mountFrom: { name: needed.mountFrom, namespaceId: answer.mountProjectId } }
      : {}),
  };
}
