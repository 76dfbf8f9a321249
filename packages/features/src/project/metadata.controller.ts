import {
  addProjectMetadatas,
  AppError,
  deleteProjectMetadata,
  getProjectMetadata,
  listProjectMetadatas,
  type MetadataKey,
  updateProjectMetadata,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { effectiveMetadata, hasMetadata, withMetadata, withoutMetadata } from './project.rules.ts';
import { ProjectService } from './project.service.ts';

/** Metadata one key at a time (PRJ-4). Writes through the same door as a project's update. */
@Controller()
export class MetadataController {
  readonly #projects: ProjectService;

  constructor(projects: ProjectService) {
    this.#projects = projects;
  }

  @Serve(listProjectMetadatas)
  async list(@Input() { caller, project }: Call<typeof listProjectMetadatas>) {
    return effectiveMetadata(await this.#projects.settings(caller.principal, project));
  }

  @Serve(addProjectMetadatas)
  add(@Input() { caller, project, body }: Call<typeof addProjectMetadatas>) {
    const [key, value] = onlyEntry(body);
    return this.#projects.changeSettings(caller, project, (current) => {
      if (hasMetadata(current, key)) {
        throw new AppError('CONFLICT', `${key}: has a value already; change it with PUT /metadatas/${key}.`);
      }
      return withMetadata(current, key, value);
    });
  }

  @Serve(getProjectMetadata)
  async get(@Input() { caller, project, params }: Call<typeof getProjectMetadata>) {
    const value = effectiveMetadata(await this.#projects.settings(caller.principal, project))[params.meta_name];
    if (value === undefined) throw new AppError('NOT_FOUND', `${params.meta_name} has no value in this project.`);
    return { [params.meta_name]: value };
  }

  @Serve(updateProjectMetadata)
  update(@Input() { caller, project, params, body }: Call<typeof updateProjectMetadata>) {
    const [key, value] = onlyEntry(body);
    if (key !== params.meta_name) {
      throw new AppError('BAD_REQUEST', `${key}: the key in the body must be ${params.meta_name}, as in the path.`);
    }
    return this.#projects.changeSettings(caller, project, (current) => withMetadata(current, key, value));
  }

  @Serve(deleteProjectMetadata)
  delete(@Input() { caller, project, params }: Call<typeof deleteProjectMetadata>) {
    return this.#projects.changeSettings(caller, project, (current) => withoutMetadata(current, params.meta_name));
  }
}

function onlyEntry(body: Partial<Record<MetadataKey, string>>): [MetadataKey, string] {
  const [entry] = Object.entries(body) as [MetadataKey, string][];
  if (!entry) throw new AppError('BAD_REQUEST', 'The body must have exactly one metadata key.');
  return entry;
}
