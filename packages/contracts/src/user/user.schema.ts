import { z } from 'zod';
import { ignored, time } from '../wire/fields.ts';
import {
  checkComment,
  checkEmail,
  checkPassword,
  checkRealname,
  checkUsername,
  MAX_NAME_LENGTH,
  named,
} from '../wire/names.ts';

/** The identity of an account that signs in through a source. */
const oidcUserMeta = z
  .object({
    id: z.int(),
    user_id: z.int(),
    /** Subject and issuer, one after the other, as Harbor writes them. */
    subiss: z.string(),
    /** Whether there is a CLI secret; the secret itself is shown once, when it is made. */
    cli_secret_set: z.boolean(),
    creation_time: time,
    update_time: time,
  })
  .meta({ id: 'OIDCUserInfo' });

export const user = z
  .object({
    user_id: z.int(),
    username: z.string(),
    email: z.string(),
    realname: z.string(),
    comment: z.string(),
    sysadmin_flag: z.boolean(),
    /** Administrator through an external identity provider. */
    admin_role_in_auth: z.boolean(),
    oidc_user_meta: oidcUserMeta.optional(),
    creation_time: time,
    update_time: time,
    last_login_time: time.optional(),
    must_change_password: z.boolean().optional(),
  })
  .meta({ id: 'UserResp' });
export type User = z.infer<typeof user>;

/** What Terraform's provider sends along with every call: it writes the whole user everywhere. */
const sentAlong = {
  username: ignored('A user keeps the name.'),
  password: ignored('Changed by PUT /users/{user_id}/password.'),
  new_password: ignored('Changed by PUT /users/{user_id}/password.'),
  email: ignored('Changed by PUT /users/{user_id}.'),
  realname: ignored('Changed by PUT /users/{user_id}.'),
  comment: ignored('Changed by PUT /users/{user_id}.'),
  secret: ignored('Made by PUT /users/{user_id}/cli_secret.'),
};

export const userCreation = z
  .strictObject({
    username: named(checkUsername).max(MAX_NAME_LENGTH),
    password: named(checkPassword),
    email: named(checkEmail).max(MAX_NAME_LENGTH),
    realname: named(checkRealname),
    comment: named(checkComment).optional(),
    sysadmin_flag: ignored('Never taken from here; use PUT /users/{user_id}/sysadmin.'),
    new_password: sentAlong.new_password,
    secret: sentAlong.secret,
  })
  .meta({ id: 'UserCreationReq' });

export const userProfile = z
  .strictObject({
    ...sentAlong,
    /** Taken from system administrators only, and then without effect; use PUT /users/{user_id}/sysadmin. */
    sysadmin_flag: z.boolean().optional(),
    email: named(checkEmail).optional(),
    realname: named(checkRealname).optional(),
    comment: named(checkComment).optional(),
  })
  .meta({ id: 'UserProfile' });

/** Go clients leave false out. */
export const userSysadminFlag = z
  .strictObject({ ...sentAlong, sysadmin_flag: z.boolean().prefault(false) })
  .meta({ id: 'UserSysAdminFlag' });

export const passwordChange = z
  .strictObject({
    ...sentAlong,
    sysadmin_flag: ignored('Changed by PUT /users/{user_id}/sysadmin.'),
    /** Needed to change one's own password. */
    old_password: z.string().max(1024).nullish(),
    new_password: named(checkPassword),
  })
  .meta({ id: 'PasswordReq' });

export const userSearchItem = z.object({ user_id: z.int(), username: z.string() }).meta({ id: 'UserSearchRespItem' });

/** What a new user has done so far; ticks the portal's first-run list. */
export const checklist = z
  .object({
    has_project: z.boolean(),
    has_push: z.boolean(),
    has_pull: z.boolean(),
    has_member: z.boolean(),
    has_robot: z.boolean(),
  })
  .meta({ id: 'Checklist' });
export type Checklist = z.infer<typeof checklist>;

/** A robot that needs somebody: it expires soon, or did lately. */
export const robotReminder = z
  .object({
    id: z.int(),
    /** Full name. */
    name: z.string(),
    /** Null for robots of the system. */
    project_name: z.string().nullable(),
    /** Seconds since 1970. */
    expires_at: z.int(),
    expired: z.boolean(),
  })
  .meta({ id: 'RobotReminder' });
export type RobotReminder = z.infer<typeof robotReminder>;
