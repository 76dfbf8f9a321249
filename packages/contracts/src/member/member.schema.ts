import { z } from 'zod';
import { MAX_DN_LENGTH } from '../group/group.schema.ts';
import { MAX_ID, ignored } from '../wire/fields.ts';
import { MAX_NAME_LENGTH } from '../wire/names.ts';
import { ROLE_IDS } from '../wire/permissions.ts';

/** 1 project admin, 2 developer, 3 guest, 4 maintainer, 5 limited guest. Another number is a 400, as in Harbor. */
const roleId = z.int().refine((id) => Object.values<number>(ROLE_IDS).includes(id), {
  error: 'must be 1 (project admin), 2 (developer), 3 (guest), 4 (maintainer) or 5 (limited guest)',
  params: { errorCode: 'BAD_REQUEST' },
});

export const projectMember = z
  .object({
    id: z.int(),
    project_id: z.int(),
    entity_id: z.int(),
    /** u user, g group. */
    entity_type: z.enum(['u', 'g']),
    entity_name: z.string(),
    role_id: z.int(),
    role_name: z.string(),
  })
  .meta({ id: 'ProjectMemberEntity' });
export type ProjectMember = z.infer<typeof projectMember>;

/** Somebody a directory knows, as far as it helps to tell people apart. */
export const directoryUser = z.object({ username: z.string(), realname: z.string() }).meta({ id: 'DirectoryUser' });

/**
 * A user by id or name, or a group by id, by DN, or by name and type. Clients send the other one empty beside it. A group
 * of an identity source that is not known yet becomes known by this, and a user of a directory gets his account.
 */
export const memberCreation = z
  .strictObject({
    id: ignored('The server chooses the id.'),
    role_id: roleId,
    member_user: z
      .strictObject({
        user_id: z.int().min(0).max(MAX_ID).optional(),
        username: z.string().max(MAX_NAME_LENGTH).optional(),
        /** Directory that has somebody of this name without an account; absent: all are searched. */
        source_id: z.int().min(1).max(MAX_ID).optional(),
      })
      .nullish(),
    member_group: z
      .strictObject({
        id: z.int().min(0).max(MAX_ID).optional(),
        group_name: z.string().max(MAX_NAME_LENGTH).optional(),
        group_type: z.int().min(0).max(4).optional(),
        ldap_group_dn: z.string().max(MAX_DN_LENGTH).optional(),
        source_id: z.int().min(1).max(MAX_ID).optional(),
      })
      .nullish(),
  })
  .meta({ id: 'ProjectMember' });

/** A member's new role. Terraform's provider sends the whole member along. */
export const roleRequest = z
  .strictObject({
    id: ignored('A member keeps its id.'),
    role_id: roleId,
    member_user: ignored('A member stays who it is.'),
    member_group: ignored('A member stays who it is.'),
  })
  .meta({ id: 'RoleRequest' });
