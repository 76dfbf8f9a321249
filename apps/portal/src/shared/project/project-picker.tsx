import { listProjects } from '@moorage/contracts';
import { Select, useDebouncedValue } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../api/query.ts';

const TYPING_MS = 200;
const OFFERED = 30;

/** Finds one project by part of its name; empty for none. */
export function ProjectPicker(props: {
  label: string;
  value: string;
  onChange: (name: string) => void;
  error?: string | undefined;
}) {
  const { t } = useTranslation('shared');
  const [typed, setTyped] = useState(props.value);
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, isFetching } = useQuery(
    listQuery(listProjects, {
      query: { name: settled === props.value ? undefined : settled || undefined, page_size: OFFERED, sort: 'name' },
    }),
  );
  const names = new Set([...(data?.rows ?? []).map((row) => row.name), ...(props.value === '' ? [] : [props.value])]);
  return (
    <Select
      label={props.label}
      searchable
      data={[...names]}
      filter={({ options }) => options}
      value={props.value === '' ? null : props.value}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(value) => props.onChange(value ?? '')}
      nothingFoundMessage={isFetching ? undefined : t('pick.noProject')}
      error={props.error}
    />
  );
}
