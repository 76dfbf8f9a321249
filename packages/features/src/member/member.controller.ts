import {
  createProjectMember,
  deleteProjectMember,
  getProjectMember,
  listProjectMembers,
  updateProjectMember,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { MemberService } from './member.service.ts';

@Controller()
export class MemberController {
  readonly #members: MemberService;

  constructor(members: MemberService) {
    this.#members = members;
  }

  @Serve(listProjectMembers)
  list(@Input() { project, query, list }: Call<typeof listProjectMembers>) {
    return this.#members.list(project, query.entityname, list);
  }

  @Serve(createProjectMember)
  async create(@Input() { caller, project, body }: Call<typeof createProjectMember>) {
    return new Created(await this.#members.add(caller, project, body));
  }

  @Serve(getProjectMember)
  get(@Input() { project, params }: Call<typeof getProjectMember>) {
    return this.#members.get(project, params.mid);
  }

  @Serve(updateProjectMember)
  update(@Input() { caller, project, params, body }: Call<typeof updateProjectMember>) {
    return this.#members.changeRole(caller, project, params.mid, body.role_id);
  }

  @Serve(deleteProjectMember)
  delete(@Input() { caller, project, params }: Call<typeof deleteProjectMember>) {
    return this.#members.remove(caller, project, params.mid);
  }
}
