import {
  createProjectMember,
  deleteProjectMember,
  getProjectMember,
  listProjectMembers,
  searchDirectoryGroups,
  searchDirectoryUsers,
  updateProjectMember,
} from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Created, Input, Serve } from '../http/index.ts';
import { MemberDirectoryService } from './member-directory.service.ts';
import { MemberService } from './member.service.ts';

@Controller()
export class MemberController {
  readonly #members: MemberService;
  readonly #directory: MemberDirectoryService;

  constructor(members: MemberService, directory: MemberDirectoryService) {
    this.#members = members;
    this.#directory = directory;
  }

  @Serve(listProjectMembers)
  list(@Input() { project, query, list }: Call<typeof listProjectMembers>) {
    return this.#members.list(project, query.entityname, list);
  }

  @Serve(createProjectMember)
  async create(@Input() { caller, project, body }: Call<typeof createProjectMember>) {
    return new Created(
      await this.#members.add(caller, project, body, (name, sourceId) =>
        this.#directory.accountOf(caller, sourceId, name),
      ),
    );
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

  @Serve(searchDirectoryUsers)
  searchUsers(@Input() { caller, query }: Call<typeof searchDirectoryUsers>) {
    return this.#directory.users(caller, query.source_id, query.username);
  }

  @Serve(searchDirectoryGroups)
  searchGroups(@Input() { caller, query }: Call<typeof searchDirectoryGroups>) {
    return this.#directory.groups(caller, query.source_id, query.groupname);
  }
}
