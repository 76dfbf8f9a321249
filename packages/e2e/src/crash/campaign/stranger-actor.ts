import { type Actor, apiPath, type Tools, trashOf } from './actors.ts';
import { AGED, PROJECTS, RELEASES, SHARED_REPOSITORIES, SHARED_TAGS } from './scene.ts';

/**
 * Tries what its account may not do (V7): a guest of the shared projects who may only pull there, and who has no role in
 * the others. Whatever is broken at the moment, none of it may succeed.
 */
export class StrangerActor implements Actor {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  async act(): Promise<void> {
    const { user, random } = this.#tools;
    const [what, attempt] = random.one(this.#attempts());
    const status = await attempt();
    if (status >= 200 && status < 300) user.note('V7', `who may not was let do this: ${what} (${status})`);
  }

  #attempts(): readonly (readonly [string, () => Promise<number>])[] {
    const { user, scene, random } = this.#tools;
    const repository = random.one([...SHARED_REPOSITORIES, RELEASES, AGED]);
    const tag = random.one(SHARED_TAGS);
    const [project = ''] = repository.split('/');
    const hidden = random.one([RELEASES, AGED]);
    const [hiddenProject = ''] = hidden.split('/');
    const api = (method: string, path: string, body?: unknown) => () => this.#status(method, path, body);
    const blob = scene.blob(random);
    return [
      [`push a blob to ${repository}`, async () => ((await user.pushBlob(repository, blob)) ? 201 : 0)],
      [`tag ${repository}:${tag}`, async () => ((await user.tag(repository, scene.image(random), tag)) ? 201 : 0)],
      [`untag ${repository}:${tag}`, async () => (await user.untag(repository, tag)).status],
      [`pull ${hidden}`, () => user.manifestStatus(hidden, 'v1').catch(() => 0)],
      [`read ${hiddenProject}`, api('GET', `/projects/${hiddenProject}/repositories`)],
      [`delete from ${repository}`, api('DELETE', `${apiPath(repository)}/artifacts/${tag}`)],
      [`delete ${repository}`, api('DELETE', apiPath(repository))],
      [`delete ${project}`, api('DELETE', `/projects/${project}?force=true`)],
      [`copy to ${repository}`, api('POST', `${apiPath(repository)}/artifacts?from=${SHARED_REPOSITORIES[0]}:latest`)],
      [`purge the trash of ${project}`, () => this.#purge(repository)],
      ['collect garbage', api('POST', '/system/gc/schedule', { schedule: { type: 'Manual' }, parameters: {} })],
      ['change settings', api('PUT', '/configurations', { gc_grace_seconds: 0 })],
      [
        'unfreeze releases',
        api('POST', `/projects/${PROJECTS.kept}/immutabletagrules`, { disabled: true, tag_selectors: [] }),
      ],
    ];
  }

  async #purge(repository: string): Promise<number> {
    const { user } = this.#tools;
    const [project] = repository.split('/');
    const items = await trashOf(user, repository, 'kind=tag').catch(() => []);
    return this.#status(
      'DELETE',
      items[0] ? `/projects/${project}/trash/${items[0].id}` : `/projects/${project}/trash`,
    );
  }

  /** Counted among what was refused; no answer is no success. */
  async #status(method: string, path: string, body?: unknown): Promise<number> {
    return (await this.#tools.user.call('forbidden', method, path, body)).status;
  }
}
