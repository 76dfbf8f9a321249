/** The deeds an audit entry can name; those the server adds later are shown under their own word. */
export const OPERATIONS: readonly string[] = [
  'create',
  'update',
  'delete',
  'push',
  'pull',
  'login',
  'logout',
  'login_failed',
];
