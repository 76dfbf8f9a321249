import {
  type AnswerOf,
  type addUserGroupMember,
  AppError,
  type BodyOf,
  GROUP_TYPES,
  type listUserGroupMembers,
} from '@moorage/contracts';
import type { Transaction } from '@moorage/database';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.ts';
import { type Caller, type ListRequest, Page } from '../http/index.ts';
import { groupMemberEvent, membershipsEvent } from './group.events.ts';
import { type ExternalGroup, type GroupRow, type GroupSource, groupsOfSource, typeOfSource } from './group.rules.ts';
import { GroupService, missing } from './group.service.ts';
import { forgetSource, GroupMembershipStore, type MembershipChange } from './group-membership.store.ts';

/** Who belongs to which group: chosen here for managed groups, told by the identity source for all others. */
@Injectable()
export class GroupMembershipService {
  readonly #store: GroupMembershipStore;
  readonly #groups: GroupService;
  readonly #clock: Clock;

  constructor(store: GroupMembershipStore, groups: GroupService, clock: Clock) {
    this.#store = store;
    this.#groups = groups;
    this.#clock = clock;
  }

  async list(groupId: number, request: ListRequest): Promise<Page<AnswerOf<typeof listUserGroupMembers>[number]>> {
    await this.#groups.get(groupId);
    const { rows, total } = await this.#store.list(groupId, request);
    return new Page(
      rows.map((row) => ({
        user_id: row.user_id,
        username: row.username,
        creation_time: row.created_at,
        ...(row.refreshed_at === null ? {} : { refresh_time: row.refreshed_at }),
      })),
      total,
    );
  }

  /** Puts a user into a managed group; returns his id. Throws NOT_FOUND, CONFLICT, and PRECONDITION for other groups. */
  async add(caller: Caller, groupId: number, body: BodyOf<typeof addUserGroupMember>): Promise<number> {
    const user = body.user_id ? { userId: body.user_id } : { username: body.username ?? '' };
    if (!body.user_id && !body.username) {
      throw new AppError('BAD_REQUEST', 'user_id: name a user by user_id or username.');
    }
    const outcome = await this.#store.add(groupId, user, requireManaged, (group, added) =>
      groupMemberEvent('create', caller, group, added),
    );
    if (outcome === 'no group') throw missing(groupId);
    if (outcome === 'no user') throw new AppError('NOT_FOUND', 'There is no such user; check the name or id.');
    if (outcome === 'present') throw new AppError('CONFLICT', 'The user is in the group already.');
    return outcome.userId;
  }

  async remove(caller: Caller, groupId: number, userId: number): Promise<void> {
    const outcome = await this.#store.remove(groupId, userId, requireManaged, (group, removed) =>
      groupMemberEvent('delete', caller, group, removed),
    );
    if (outcome === 'no group') throw missing(groupId);
    if (outcome === 'absent') throw new AppError('NOT_FOUND', `User ${userId} is not in the group.`);
  }

  /**
   * Makes the user's memberships from a source exactly these groups; memberships from elsewhere stay. New groups become
   * known. At most {@link MAX_GROUPS_OF_USER} count. Null when there is no such user, or `requires` does not hold in the
   * transaction of the change.
   */
  replaceMemberships(
    userId: number,
    source: GroupSource,
    groups: readonly ExternalGroup[],
    requires: (transaction: Transaction) => Promise<boolean> = async () => true,
  ): Promise<MembershipChange | null> {
    return this.#store.replace(
      userId,
      source,
      groupsOfSource(source, groups),
      this.#clock.now(),
      (user, { added, removed }) => membershipsEvent(source, user, added, removed),
      requires,
    );
  }

  /**
   * Ends the memberships that come from a source, and deletes its groups with the roles they give: nobody inherits them.
   * Part of the transaction that removes the source; `nextFirstId` is the source that is the first of its kind after it.
   */
  forgetSource(transaction: Transaction, source: GroupSource, nextFirstId: number | null): Promise<void> {
    return forgetSource(transaction, source, typeOfSource(source.kind), nextFirstId);
  }
}

function requireManaged(group: GroupRow): void {
  if (group.type === GROUP_TYPES.managed) return;
  throw new AppError(
    'PRECONDITION',
    `The identity source says who is in ${group.name}; change it there, or use a managed group (type 4).`,
  );
}
