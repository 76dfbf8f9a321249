import { searchUserGroups } from '@moorage/contracts';
import { Alert, Select, Stack, Text, useDebouncedValue } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../api/query.ts';
import { directoryText, type GroupChoice, type GroupSource, groupChoices } from './group-choice.rules.ts';
import { useDirectoryGroups } from './group-source.queries.ts';

const TYPING_MS = 300;
const OFFERED = 20;

/** Finds a group by part of its name: among the known ones unless `isNew`, in directories, or as one of a source. */
export function GroupSelect(props: {
  label: string;
  description: string;
  sources: readonly GroupSource[];
  isNew?: boolean;
  /** Project to add the group to: who may do that may search directories for it. */
  project?: string;
  value: GroupChoice | null;
  onChange: (group: GroupChoice | null) => void;
  onBlur: () => void;
  ref: Ref<HTMLInputElement>;
  error: string | undefined;
}) {
  const { t } = useTranslation('shared');
  const { ref, value, sources } = props;
  const [typed, setTyped] = useState(value?.name ?? '');
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  const wanted = settled === value?.name ? '' : settled;
  const known = useQuery({
    ...listQuery(searchUserGroups, { query: { groupname: wanted, page_size: OFFERED } }),
    enabled: wanted !== '' && !props.isNew,
  });
  const directories = useDirectoryGroups(directoryText(wanted), sources, props.project);
  const isSearching = known.isFetching || directories.isSearching || typed.trim() !== settled;
  const offered = [
    ...groupChoices(wanted, sources, props.isNew ? [] : (known.data?.rows ?? []), directories.found),
    ...(value === null ? [] : [value]),
  ];
  const byKey = new Map(offered.map((choice) => [JSON.stringify(choice.group), choice]));
  const about = useAbout();
  return (
    <Stack gap={8}>
      <Select
        ref={ref}
        label={props.label}
        description={value === null ? props.description : about(value)}
        placeholder={t('pick.user')}
        searchable
        data={[...byKey].map(([key, choice]) => ({ value: key, label: choice.name }))}
        filter={({ options }) => options}
        renderOption={({ option }) => {
          const choice = byKey.get(option.value);
          return (
            <Stack gap={0}>
              <Text size="sm">{option.label}</Text>
              {choice ? (
                <Text size="xs" c="dimmed">
                  {about(choice)}
                </Text>
              ) : null}
            </Stack>
          );
        }}
        nothingFoundMessage={wanted === '' || isSearching ? undefined : t('group.nothing')}
        value={value === null ? null : JSON.stringify(value.group)}
        searchValue={typed}
        onSearchChange={setTyped}
        onChange={(key) => props.onChange((key === null ? undefined : byKey.get(key)) ?? null)}
        onBlur={props.onBlur}
        error={props.error}
      />
      <SilentDirectories names={directories.silent} />
    </Stack>
  );
}

function SilentDirectories(props: { names: readonly string[] }) {
  const { t } = useTranslation('shared');
  return props.names.map((name) => (
    <Alert key={name} color="yellow" role="status">
      {t('group.silent', { source: name })}
    </Alert>
  ));
}

/** Says where a group comes from, as groups of several sources may have one name. */
function useAbout(): (choice: GroupChoice) => string {
  const { t } = useTranslation('shared');
  return ({ origin, source, dn }) => {
    const from = origin === 'managed' ? t('group.managed') : source === null ? null : t('group.of', { source });
    return [from, dn, origin === 'new' ? t('group.new') : null].filter((part) => part !== null).join(' · ');
  };
}
