import type { Actor, Tools } from './actors.ts';

/** Names that are used again and again. */
const NAMES = 3;

/** Makes projects, pushes to them, deletes them full, and makes them again under the same name. */
export class ProjectActor implements Actor {
  readonly #tools: Tools;
  readonly #name: string;
  #isThere = false;
  #turn = 0;

  constructor(tools: Tools, name: string) {
    this.#tools = tools;
    this.#name = name;
  }

  async act(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const project = `crash-${this.#name}-${this.#turn % NAMES}`;
    if (!this.#isThere) {
      const body = { project_name: project, metadata: { public: 'false' } };
      const { outcome, status } = await user.call('project', 'POST', '/projects', body);
      // An earlier answer may have been lost.
      this.#isThere = outcome === 'ok' || status === 409;
      return;
    }
    const key = `${project}/app:latest`;
    if (random.next() < 0.7) {
      await user.push(`${project}/app`, scene.image(random), ['latest']);
      return;
    }
    user.ledger.forget(project);
    const path = `/projects/${project}?force=true`;
    const { outcome } = await user.call('drop', 'DELETE', path, undefined, { [key]: null });
    user.ledger.forget(project);
    // Refused: it is gone already, by a request whose answer was lost.
    if (outcome === 'unknown') return;
    this.#isThere = false;
    this.#turn++;
  }
}
