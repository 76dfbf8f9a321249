import { AppError, type SourceCheck } from '@moorage/contracts';
import { IDENTIFIERS, readLdapUrl, valuesOf } from './ldap.rules.ts';
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
    checks.push({ name: connection ? 'search' : 'connection', result: 'failed', message: error.message });
  } finally {
    connection?.close();
  }
  return checks;
}

function connectionCheck({ settings }: LdapDirectory): SourceCheck {
  const isEncrypted = readLdapUrl(settings.url).isTls || settings.start_tls;
  if (!isEncrypted) {
    return warning('connection', 'Connected, but passwords travel in the clear: use ldaps:// or StartTLS.');
  }
  return settings.verify_cert
    ? passed('connection', 'Connected and encrypted; the certificate is good.')
    : warning(
        'connection',
        'Connected and encrypted, but the certificate is not checked: anybody on the way can read along.',
      );
}

async function searchAccountCheck(directory: LdapDirectory, connection: LdapConnection): Promise<SourceCheck> {
  const { search_dn } = directory.settings;
  if (search_dn === '') return warning('search account', 'None is set: searches are anonymous.');
  const outcome = await directory.bindSearchAccount(connection);
  return outcome.kind === 'bound'
    ? passed('search account', `Signed in as ${search_dn}.`)
    : {
        name: 'search account',
        result: 'failed',
        message: `The directory refuses ${search_dn}: check the DN and its password. It says: ${outcome.diagnostic.slice(0, 200)}`,
      };
}

async function usersChecks(directory: LdapDirectory): Promise<SourceCheck[]> {
  const { settings } = directory;
  const users = await directory.findLike('', SAMPLE);
  const [first] = users;
  if (!first) {
    return [
      warning(
        'users',
        `Nobody found below ${settings.base_dn} with ${settings.uid}: check base_dn, filter, scope and uid.`,
      ),
    ];
  }
  const count = users.length < SAMPLE ? `${users.length}` : `${SAMPLE} or more`;
  const name = valuesOf(first, settings.uid)[0] ?? first.dn;
  const isStable = IDENTIFIERS.some((attribute) => valuesOf(first, attribute).length > 0);
  return [
    passed('users', `Found ${count}, for example ${name}.`),
    isStable
      ? passed('identifier', 'Entries have an identifier that stays when they are renamed.')
      : warning(
          'identifier',
          `The search account sees none of ${IDENTIFIERS.join(', ')}: accounts hang on the DN, and are lost when an entry is moved.`,
        ),
  ];
}

async function groupsCheck(directory: LdapDirectory): Promise<SourceCheck> {
  const { settings } = directory;
  if (settings.group_base_dn === '' && settings.group_search_filter === '') {
    return { name: 'groups', result: 'skipped', message: 'Groups are not read: set group_base_dn to use them.' };
  }
  const groups = await directory.search({
    base: settings.group_base_dn || settings.base_dn,
    scope: (['base', 'one', 'sub'] as const)[settings.group_search_scope] ?? 'sub',
    filter: anyGroup(settings),
    attributes: ['1.1'],
    limit: SAMPLE,
  });
  const count = groups.length < SAMPLE ? `${groups.length}` : `${SAMPLE} or more`;
  return groups.length === 0
    ? warning('groups', 'No group found: check group_base_dn, group_search_filter and group_search_scope.')
    : passed('groups', `Found ${count}, for example ${groups[0]?.dn}.`);
}

function passed(name: string, message: string): SourceCheck {
  return { name, result: 'passed', message };
}

function warning(name: string, message: string): SourceCheck {
  return { name, result: 'warning', message };
}
