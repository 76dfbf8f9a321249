import {
  type AnswerOf,
  AppError,
  createIdentitySource,
  deleteIdentitySource,
  getIdentitySource,
  getSignInOptions,
  listIdentitySources,
  testIdentitySource,
  updateIdentitySource,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, type Page, Serve } from '../http/index.ts';
import { SettingsService } from '../settings/index.ts';
import { IdentitySourceService } from './identity-source.service.ts';
import { SourceKinds } from './source-kinds.ts';

/** `/identity-sources`, and what the sign-in page needs of them. */
@Controller()
export class IdentitySourceController {
  readonly #sources: IdentitySourceService;
  readonly #kinds: SourceKinds;
  readonly #settings: SettingsService;

  constructor(sources: IdentitySourceService, kinds: SourceKinds, settings: SettingsService) {
    this.#sources = sources;
    this.#kinds = kinds;
    this.#settings = settings;
  }

  @Serve(getSignInOptions)
  async options(): Promise<AnswerOf<typeof getSignInOptions>> {
    const [settings, sources] = await Promise.all([this.#settings.get(), this.#sources.enabled()]);
    return {
      auth_mode: settings.auth_mode,
      primary_auth_mode: settings.primary_auth_mode,
      self_registration: settings.self_registration,
      sources: sources.map((source) => {
        const url = this.#kinds.of(source.kind)?.loginUrl(source) ?? null;
        const { id, kind, name, isFirst } = source;
        return { id, kind, name, is_first: isFirst, ...(url === null ? {} : { login_url: url }) };
      }),
    };
  }

  @Serve(listIdentitySources)
  list(@Input() call: Call<typeof listIdentitySources>): Promise<Page<AnswerOf<typeof listIdentitySources>[number]>> {
    return this.#sources.list(call.list);
  }

  @Serve(createIdentitySource)
  async create(@Input() call: Call<typeof createIdentitySource>): Promise<Created> {
    return new Created(await this.#sources.create(call.caller, call.body));
  }

  @Serve(testIdentitySource)
  async test(@Input() call: Call<typeof testIdentitySource>): Promise<AnswerOf<typeof testIdentitySource>> {
    const draft = await this.#sources.draft(call.body);
    const handler = this.#kinds.of(draft.kind);
    if (!handler) throw new AppError('PRECONDITION', `Sources of kind ${draft.kind} cannot be tried on this server.`);
    const checks = await handler.test(draft);
    return { ok: checks.every((check) => check.result !== 'failed'), checks: [...checks] };
  }

  @Serve(getIdentitySource)
  get(@Input() call: Call<typeof getIdentitySource>): Promise<AnswerOf<typeof getIdentitySource>> {
    return this.#sources.get(call.params.source_id);
  }

  @Serve(updateIdentitySource)
  update(@Input() call: Call<typeof updateIdentitySource>): Promise<void> {
    return this.#sources.update(call.caller, call.params.source_id, call.body);
  }

  @Serve(deleteIdentitySource)
  delete(@Input() call: Call<typeof deleteIdentitySource>): Promise<void> {
    return this.#sources.delete(call.caller, call.params.source_id);
  }
}
