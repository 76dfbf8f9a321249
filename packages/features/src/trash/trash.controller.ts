import {
  getTrashItem,
  getTrashSummary,
  listAllTrash,
  listTrash,
  previewRestoration,
  purgeAllTrash,
  purgeTrash,
  purgeTrashItem,
  restoreTrashItem,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { TrashService } from './trash.service.ts';

@Controller()
export class TrashController {
  readonly #trash: TrashService;

  constructor(trash: TrashService) {
    this.#trash = trash;
  }

  @Serve(getTrashSummary)
  summary(@Input() { project }: Call<typeof getTrashSummary>) {
    return this.#trash.summary(project);
  }

  @Serve(listTrash)
  list(@Input() { project, list }: Call<typeof listTrash>) {
    return this.#trash.list(project, list);
  }

  @Serve(getTrashItem)
  get(@Input() { project, params }: Call<typeof getTrashItem>) {
    return this.#trash.get(project, params.item_id);
  }

  @Serve(previewRestoration)
  preview(@Input() { caller, project, params, body }: Call<typeof previewRestoration>) {
    return this.#trash.preview(caller, project, params.item_id, body);
  }

  @Serve(restoreTrashItem)
  restore(@Input() { caller, project, params, body }: Call<typeof restoreTrashItem>) {
    return this.#trash.restore(caller, project, params.item_id, body);
  }

  @Serve(purgeTrashItem)
  purge(@Input() { caller, project, params }: Call<typeof purgeTrashItem>) {
    return this.#trash.purge(caller, project, params.item_id);
  }

  @Serve(purgeTrash)
  purgeAll(@Input() { caller, project }: Call<typeof purgeTrash>) {
    return this.#trash.purgeAll(caller, project);
  }

  @Serve(listAllTrash)
  listAll(@Input() { list }: Call<typeof listAllTrash>) {
    return this.#trash.listAll(list);
  }

  @Serve(purgeAllTrash)
  purgeEverything(@Input() { caller }: Call<typeof purgeAllTrash>) {
    return this.#trash.purgeAll(caller, null);
  }
}
