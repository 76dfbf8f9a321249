import { z } from 'zod';
import { MAX_ID, ignored, time } from '../wire/fields.ts';
import { MAX_NAME_LENGTH } from '../wire/names.ts';

/** Group types of the wire: where a group's members come from. 4 is ours: members are chosen here. */
export const GROUP_TYPES = { ldap: 1, authProxy: 2, oidc: 3, managed: 4 } as const;

/** Longest distinguished name of a directory entry, in characters. */
export const MAX_DN_LENGTH = 1024;

const groupType = z.int().min(1).max(4);
const groupName = z
  .string()
  .max(MAX_NAME_LENGTH)
  .refine((name) => !/\p{Cc}/u.test(name) && name.trim() === name, {
    error: 'must not begin or end with a space, nor have control characters',
    params: { errorCode: 'BAD_REQUEST' },
  });
const groupDn = z.string().max(MAX_DN_LENGTH);

export const userGroup = z
  .object({
    id: z.int(),
    group_name: z.string(),
    /** 1 LDAP, 2 HTTP auth proxy, 3 OIDC, 4 managed here. */
    group_type: z.int(),
    /** Empty unless the type is 1. */
    ldap_group_dn: z.string(),
    /** Identity source that says who belongs to it; absent for the first of its kind and for managed groups. */
    source_id: z.int().optional(),
    member_count: z.int().optional(),
  })
  .meta({ id: 'UserGroup' });
export type UserGroup = z.infer<typeof userGroup>;

export const userGroupSearchItem = userGroup
  .pick({ id: true, group_name: true, group_type: true, source_id: true })
  .extend({
    /** For callers who may list groups, of groups of type 1. */
    ldap_group_dn: z.string().optional(),
  })
  .meta({ id: 'UserGroupSearchItem' });

/** Type 1 needs the DN, and takes its name from it when none is given. */
export const userGroupCreation = z
  .strictObject({
    id: ignored('The server chooses the id.'),
    group_name: groupName.optional(),
    group_type: groupType,
    ldap_group_dn: groupDn.optional(),
    source_id: z.int().min(1).max(MAX_ID).optional(),
  })
  .meta({ id: 'UserGroupReq' });

/** Only the name changes; clients send the whole object back. */
export const userGroupRename = z
  .strictObject({
    id: ignored('A group keeps its id.'),
    group_name: groupName.min(1),
    group_type: ignored('A group keeps its type.'),
    ldap_group_dn: ignored('A group keeps its DN.'),
    source_id: ignored('A group keeps its source.'),
    member_count: ignored('Counted by the server.'),
  })
  .meta({ id: 'UserGroupRename' });

export const userGroupMember = z
  .object({
    user_id: z.int(),
    username: z.string(),
    /** Since when he belongs to it. */
    creation_time: time,
    /** When the source last said so; absent in managed groups. */
    refresh_time: time.optional(),
  })
  .meta({ id: 'UserGroupMember' });

/** A user by id or name. */
export const userGroupMemberCreation = z
  .strictObject({
    user_id: z.int().min(1).max(MAX_ID).optional(),
    username: z.string().min(1).max(MAX_NAME_LENGTH).optional(),
  })
  .meta({ id: 'UserGroupMemberReq' });

/** A project in which a group has a role. */
export const userGroupRole = z
  .object({ project_id: z.int(), project_name: z.string(), role_id: z.int(), role_name: z.string() })
  .meta({ id: 'UserGroupRole' });
