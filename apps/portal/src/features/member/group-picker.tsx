import { GROUP_TYPES, searchUserGroups } from '@moorage/contracts';
import { Select, useDebouncedValue } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import type { NewMember } from './member.queries.ts';

const TYPING_MS = 200;
const OFFERED = 20;

/** A group to be made a member, and what it is called. */
export interface PickedGroup {
  readonly who: NewMember;
  readonly name: string;
}

/** Finds a group by part of its name. A name nobody knows yet can be taken as one of an identity source. */
export function GroupPicker(props: {
  value: PickedGroup | null;
  onChange: (group: PickedGroup | null) => void;
  onBlur: () => void;
  ref: Ref<HTMLInputElement>;
  error: string | undefined;
}) {
  const { t } = useTranslation('member');
  const { ref } = props;
  const [typed, setTyped] = useState(props.value?.name ?? '');
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, isFetching } = useQuery({
    ...listQuery(searchUserGroups, { query: { groupname: settled, page_size: OFFERED } }),
    enabled: settled !== '',
  });
  const known = (settled === '' ? [] : (data?.rows ?? [])).map((group) => ({
    name: group.group_name,
    who: { member_group: { id: group.id } },
  }));
  const fresh = settled === '' || isFetching || known.some(({ name }) => name === settled) ? [] : newGroups(settled);
  const offered: readonly (PickedGroup & { source?: 'oidc' | 'ldap' })[] = [
    ...known,
    ...fresh,
    ...(props.value === null ? [] : [props.value]),
  ];
  const byKey = new Map(offered.map((entry) => [JSON.stringify(entry.who), entry]));
  return (
    <Select
      ref={ref}
      label={t('add.group')}
      description={t('add.groupHelp')}
      placeholder={t('add.groupPlaceholder')}
      searchable
      data={[...byKey].map(([key, entry]) => ({
        value: key,
        label: entry.source === undefined ? entry.name : t(`add.new.${entry.source}`, { name: entry.name }),
      }))}
      filter={({ options }) => options}
      value={props.value === null ? null : JSON.stringify(props.value.who)}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(key) => {
        const picked = key === null ? undefined : byKey.get(key);
        props.onChange(picked === undefined ? null : { who: picked.who, name: picked.name });
      }}
      onBlur={props.onBlur}
      error={props.error}
    />
  );
}

/** Text with an equals sign reads as a directory's name for a group. */
function newGroups(text: string): (PickedGroup & { source: 'oidc' | 'ldap' })[] {
  return text.includes('=')
    ? [{ source: 'ldap', name: text, who: { member_group: { ldap_group_dn: text, group_type: GROUP_TYPES.ldap } } }]
    : [{ source: 'oidc', name: text, who: { member_group: { group_name: text, group_type: GROUP_TYPES.oidc } } }];
}
