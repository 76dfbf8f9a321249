import { searchUsers } from '@moorage/contracts';
import { Alert, Select, Stack, Text, useDebouncedValue } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import type { GroupSource } from '../../shared/group/group-choice.rules.ts';
import { useDirectoryUsers } from '../../shared/group/group-source.queries.ts';

const TYPING_MS = 300;
const OFFERED = 20;

/** Somebody to make a member, in the words of the API; `source_id` of the directory for somebody without account. */
export interface Person {
  readonly username: string;
  readonly source_id?: number;
}

/** Finds one person by part of the name: among the accounts, and in the directories for those who have none. */
export function PersonSelect(props: {
  label: string;
  description: string;
  project: string;
  sources: readonly GroupSource[];
  value: Person | null;
  onChange: (person: Person | null) => void;
  onBlur: () => void;
  ref: Ref<HTMLInputElement>;
  error: string | undefined;
}) {
  const { t } = useTranslation(['member', 'shared']);
  const { ref, value } = props;
  const [typed, setTyped] = useState(value?.username ?? '');
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  const wanted = settled === value?.username ? '' : settled;
  const known = useQuery({
    ...listQuery(searchUsers, { query: { username: wanted, page_size: OFFERED } }),
    enabled: wanted !== '',
  });
  const directories = useDirectoryUsers(wanted, props.sources, props.project);
  const offered = offeredOf(
    wanted === '' ? [] : (known.data?.rows ?? []).map(({ username }) => username),
    directories.found,
    value,
  );
  const byKey = new Map(offered.map((choice) => [JSON.stringify(choice.person), choice]));
  const isSearching = known.isFetching || directories.isSearching || typed.trim() !== settled;
  return (
    <Stack gap={8}>
      <Select
        ref={ref}
        label={props.label}
        description={props.description}
        placeholder={t('shared:pick.user')}
        searchable
        data-autofocus
        data={[...byKey].map(([key, { person }]) => ({ value: key, label: person.username }))}
        filter={({ options }) => options}
        renderOption={({ option }) => {
          const about = byKey.get(option.value)?.about;
          return (
            <Stack gap={0}>
              <Text size="sm">{option.label}</Text>
              {about ? (
                <Text size="xs" c="dimmed">
                  {t('add.ofDirectory', about)}
                </Text>
              ) : null}
            </Stack>
          );
        }}
        nothingFoundMessage={wanted === '' || isSearching ? undefined : t('shared:pick.nobody')}
        value={value === null ? null : JSON.stringify(value)}
        searchValue={typed}
        onSearchChange={setTyped}
        onChange={(key) => props.onChange((key === null ? undefined : byKey.get(key)?.person) ?? null)}
        onBlur={props.onBlur}
        error={props.error}
      />
      {directories.silent.map((source) => (
        <Alert key={source} color="yellow" role="status">
          {t('add.silent', { source })}
        </Alert>
      ))}
    </Stack>
  );
}

interface Choice {
  readonly person: Person;
  /** Null for somebody who has an account. */
  readonly about: { readonly name: string; readonly source: string } | null;
}

/** Accounts first; who has the name of one is not offered again, as names are taken once. */
function offeredOf(
  accounts: readonly string[],
  found: readonly { readonly username: string; readonly realname: string; readonly source: GroupSource }[],
  value: Person | null,
): Choice[] {
  const taken = new Set(accounts.map((username) => username.toLowerCase()));
  return [
    ...accounts.map((username) => ({ person: { username }, about: null })),
    ...found
      .filter(({ username }) => !taken.has(username.toLowerCase()))
      .map(({ username, realname, source }) => ({
        person: { username, source_id: source.id },
        about: { name: realname || username, source: source.name },
      })),
    ...(value === null ? [] : [{ person: value, about: null }]),
  ];
}
