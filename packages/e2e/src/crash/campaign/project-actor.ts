import type { Actor, Tools } from './actors.ts';

/** Names that are used again and again. */
const NAMES = 3;

/** Makes projects, pushes to them, deletes them full, and makes them again under the same name. */
export class ProjectActor implements Actor {
  readonly #tools: Tools;
  readonly #name: string;
  #isThere = false;
  /** A deletion was not answered: it may come to pass at any later time, and by name. */
  #isDoomed = false;
  #turn = 0;
  #generation = 0;

  constructor(tools: Tools, name: string) {
    this.#tools = tools;
    this.#name = name;
  }

  async act(): Promise<void> {
    const { user, scene, random } = this.#tools;
    const project = `crash-${this.#name}-${this.#generation}-${this.#turn % NAMES}`;
    if (!this.#isThere) {
      const body = { project_name: project, metadata: { public: 'false' } };
      const { outcome, status } = await user.call('project', 'POST', '/projects', body);
      // An earlier answer may have been lost.
      this.#isThere = outcome === 'ok' || status === 409;
      return;
    }
    const key = `${project}/app:latest`;
    if (!this.#isDoomed && random.next() < 0.7) {
      await user.push(`${project}/app`, scene.image(random), ['latest']);
      return;
    }
    user.ledger.forget(project);
    const path = `/projects/${project}?force=true`;
    const { outcome } = await user.call('drop', 'DELETE', path, undefined, { [key]: null });
    user.ledger.forget(project);
    if (outcome === 'unknown') {
      this.#isDoomed = true;
      return;
    }
    // Refused: it is gone already, by a request whose answer was lost. That one may still wait in a frozen process, so
    // these names are not used again.
    if (this.#isDoomed) this.#generation++;
    this.#isDoomed = false;
    this.#isThere = false;
    this.#turn++;
  }
}
