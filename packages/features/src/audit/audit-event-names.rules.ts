/** Harbor's names first (AUD-2), then what only this product records. */
const AUDIT_EVENT_NAMES = [
  'create_artifact',
  'delete_artifact',
  'pull_artifact',
  'create_project',
  'update_project',
  'delete_project',
  'delete_repository',
  'login_user',
  'logout_user',
  'create_user',
  'update_user',
  'delete_user',
  'create_robot',
  'delete_robot',
  'update_configuration',
  'create_member',
  'update_member',
  'delete_member',
  'update_repository',
  'create_tag',
  'delete_tag',
  'revert_tag',
  'update_robot',
  'update_quota',
  'delete_session',
  'create_group',
  'update_group',
  'delete_group',
  'create_group_member',
  'update_group_member',
  'delete_group_member',
  'create_immutable_rule',
  'update_immutable_rule',
  'delete_immutable_rule',
  'create_retention_policy',
  'update_retention_policy',
  'delete_retention_policy',
  'start_retention_policy',
  'stop_retention_policy',
  'confirm_retention_policy',
  'create_artifact_hold',
  'delete_artifact_hold',
  'create_label',
  'update_label',
  'delete_label',
  'create_artifact_label',
  'delete_artifact_label',
  'create_identity-source',
  'update_identity-source',
  'delete_identity-source',
  'create_personal-token',
  'delete_personal-token',
  'create_second-factor',
  'delete_second-factor',
  'reset_second-factor',
  'disable_robot',
  'remind_robot',
  'rotate_token-key',
  'start_garbage-collection',
  'update_garbage-collection',
  'delete_garbage-collection',
  'rerun_execution',
  'start_storage-check',
] as const;

/** Names of the events the audit log knows, as the settings and the API write them. */
export function auditEventNames(): readonly string[] {
  return AUDIT_EVENT_NAMES;
}

/** The name of an audit entry's event: `<operation>_<resource type>`. */
export function auditEventName(entry: { readonly operation: string; readonly resourceType: string }): string {
  return `${entry.operation}_${entry.resourceType}`;
}

/** Event names that leave no row, from the comma list of the settings and the switch for pulls. */
export function disabledAuditEvents(list: string, pullsDisabled: boolean): ReadonlySet<string> {
  const names = list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return new Set(pullsDisabled ? [...names, 'pull_artifact'] : names);
}
