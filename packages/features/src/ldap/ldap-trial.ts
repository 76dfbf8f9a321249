import { AppError, type SourceCheck } from '@moorage/contracts';
import { IDENTIFIERS, readLdapUrl, valuesOf } from './ldap.rules.ts';
import { failedCheck, sourceCheck } from '../identity-source/index.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { LdapDirectory } from './ldap-directory.ts';
import { anyGroup, readFilter } from './ldap-filters.ts';

const SAMPLE = 50;

/** Tries a directory step by step; each step says what to do when it fails, and ends the trial. */
export async function tryDirectory(directory: LdapDirectory): Promise<SourceCheck[]> {
  const checks: SourceCheck[] = [];
  let connection: LdapConnection | null = null;
  try {
    readFilter(directory.settings.filter);
    readFilter(directory.settings.group_search_filter);
    connection = await directory.open();
    checks.push(connectionCheck(directory));
    const account = await searchAccountCheck(directory, connection);
    checks.push(account);
    if (account.result === 'failed') return checks;
    checks.push(...(await usersChecks(directory)));
    checks.push(await groupsCheck(directory));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    checks.push(failedCheck(connection ? 'search' : 'connection', error.message, error.told));
  } finally {
    connection?.close();
  }
  return checks;
}

function connectionCheck({ settings }: LdapDirectory): SourceCheck {
  const isEncrypted = readLdapUrl(settings.url).isTls || settings.start_tls;
  if (!isEncrypted) return sourceCheck('connection', 'warning', 'connection-plain');
  return settings.verify_cert
    ? sourceCheck('connection', 'passed', 'connection-checked')
    : sourceCheck('connection', 'warning', 'connection-unchecked');
}

async function searchAccountCheck(directory: LdapDirectory, connection: LdapConnection): Promise<SourceCheck> {
  const { search_dn } = directory.settings;
  if (search_dn === '') return sourceCheck('search account', 'warning', 'search-account-none');
  const outcome = await directory.bindSearchAccount(connection);
  return outcome.kind === 'bound'
    ? sourceCheck('search account', 'passed', 'search-account-bound', { dn: search_dn })
    : sourceCheck('search account', 'failed', 'search-account-refused', {
        dn: search_dn,
        answer: outcome.diagnostic.slice(0, 200),
      });
}

async function usersChecks(directory: LdapDirectory): Promise<SourceCheck[]> {
  const { settings } = directory;
  const users = await directory.findLike('', SAMPLE);
  const [first] = users;
  if (!first) {
    return [sourceCheck('users', 'warning', 'users-none', { base: settings.base_dn, attribute: settings.uid })];
  }
  const found = { count: String(users.length), example: valuesOf(first, settings.uid)[0] ?? first.dn };
  const isStable = IDENTIFIERS.some((attribute) => valuesOf(first, attribute).length > 0);
  return [
    sourceCheck('users', 'passed', users.length < SAMPLE ? 'users-found' : 'users-found-more', found),
    isStable
      ? sourceCheck('identifier', 'passed', 'identifier-stable')
      : sourceCheck('identifier', 'warning', 'identifier-missing', { attributes: IDENTIFIERS.join(', ') }),
  ];
}

async function groupsCheck(directory: LdapDirectory): Promise<SourceCheck> {
  const { settings } = directory;
  if (settings.group_base_dn === '' && settings.group_search_filter === '') {
    return sourceCheck('groups', 'skipped', 'groups-unread');
  }
  const groups = await directory.search({
    base: settings.group_base_dn || settings.base_dn,
    scope: (['base', 'one', 'sub'] as const)[settings.group_search_scope] ?? 'sub',
    filter: anyGroup(settings),
    attributes: ['1.1'],
    limit: SAMPLE,
  });
  const [first] = groups;
  if (!first) return sourceCheck('groups', 'warning', 'groups-none');
  const code = groups.length < SAMPLE ? 'groups-found' : 'groups-found-more';
  return sourceCheck('groups', 'passed', code, { count: String(groups.length), example: first.dn });
}
