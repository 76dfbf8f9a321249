import { describe, expect, it } from 'vitest';
import { directoryText, type GroupSource, groupChoices, groupOfSource } from './group-choice.rules.ts';

const LDAP: GroupSource = { id: 3, kind: 'ldap', name: 'Head office', is_first: true };
const BRANCH: GroupSource = { id: 5, kind: 'ldap', name: 'Branch', is_first: false };
const SSO: GroupSource = { id: 7, kind: 'oidc', name: 'Okta', is_first: true };
const PARTNER: GroupSource = { id: 8, kind: 'oidc', name: 'Partner', is_first: false };
const PROXY: GroupSource = { id: 9, kind: 'auth_proxy', name: 'Gate', is_first: true };
const DN = 'cn=crew,ou=groups,dc=x';
const ENTRY = { group_name: 'crew', ldap_group_dn: DN };

describe('the groups a picker offers', () => {
  it('are of no single sign-on when only a directory is there', () => {
    expect(groupChoices('crew', [LDAP], [], [])).toEqual([]);
    expect(groupChoices('crew', [], [], [])).toEqual([]);
    expect(groupChoices('', [LDAP, SSO], [], [])).toEqual([]);
  });

  it('are one for every source that could name it, said with the source unless it is the first', () => {
    expect(
      groupChoices('crew', [SSO, LDAP, PARTNER, PROXY], [], []).map(({ source, group }) => [source, group]),
    ).toEqual([
      ['Okta', { group_name: 'crew', group_type: 3 }],
      ['Partner', { group_name: 'crew', group_type: 3, source_id: 8 }],
      ['Gate', { group_name: 'crew', group_type: 2 }],
    ]);
    expect(groupChoices(DN, [LDAP, BRANCH], [], []).map(({ group }) => group)).toEqual([
      { ldap_group_dn: DN, group_type: 1 },
      { ldap_group_dn: DN, group_type: 1, source_id: 5 },
    ]);
  });

  it('are what directories find, made by DN and source', () => {
    const found = [
      { source: LDAP, groups: [ENTRY] },
      { source: BRANCH, groups: [ENTRY] },
    ];
    expect(groupChoices('cre', [LDAP, BRANCH], [], found)).toEqual([
      { name: 'crew', group: { ...ENTRY, group_type: 1 }, origin: 'found', source: 'Head office', dn: DN },
      { name: 'crew', group: { ...ENTRY, group_type: 1, source_id: 5 }, origin: 'found', source: 'Branch', dn: DN },
    ]);
  });

  it('are not there twice when they are known, while the same DN of another directory stays', () => {
    const known = [{ id: 1, group_name: 'Crew', group_type: 1, ldap_group_dn: DN.toUpperCase() }];
    const found = [LDAP, BRANCH].map((source) => ({ source, groups: [ENTRY] }));
    const offered = groupChoices('crew', [LDAP, BRANCH], known, found);
    expect(offered.map(({ origin, source }) => [origin, source])).toEqual([
      ['known', 'Head office'],
      ['found', 'Branch'],
    ]);
    const ofSso = [{ id: 2, group_name: 'crew', group_type: 3, source_id: 8 }];
    expect(groupChoices('crew', [SSO, PARTNER], ofSso, []).map(({ origin, source }) => [origin, source])).toEqual([
      ['known', 'Partner'],
      ['new', 'Okta'],
    ]);
  });

  it('leave out a name that cannot be stored, so that the DN gives one', () => {
    const long = { group_name: 'n'.repeat(256), ldap_group_dn: DN };
    const [choice] = groupChoices('n', [LDAP], [], [{ source: LDAP, groups: [long] }]);
    expect(choice?.group).toEqual({ ldap_group_dn: DN, group_type: 1 });
  });

  it('are searched in directories by name only', () => {
    expect([directoryText('cre'), directoryText(DN)]).toEqual(['cre', '']);
  });
});

describe('a group to create', () => {
  it('is the entry of the directory, under the name given', () => {
    const [entry = null] = groupChoices('crew', [BRANCH], [], [{ source: BRANCH, groups: [ENTRY] }]);
    expect(groupOfSource(BRANCH, '', entry)).toEqual({ ...ENTRY, group_type: 1, source_id: 5 });
    expect(groupOfSource(BRANCH, 'Deck', entry)).toMatchObject({ group_name: 'Deck', ldap_group_dn: DN, source_id: 5 });
  });

  it('is the one a source calls so', () => {
    expect(groupOfSource(PARTNER, 'crew', null)).toEqual({ group_name: 'crew', group_type: 3, source_id: 8 });
    expect(groupOfSource(SSO, 'crew', null)).toEqual({ group_name: 'crew', group_type: 3 });
  });
});
