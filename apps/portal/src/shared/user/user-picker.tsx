import { searchUsers } from '@moorage/contracts';
import { Select, useDebouncedValue } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../api/query.ts';

const TYPING_MS = 200;
const OFFERED = 20;

/** Finds one account by part of its name; the value is the username, empty for none. */
export function UserPicker(props: {
  label: string;
  description?: string;
  value: string;
  onChange: (username: string) => void;
  onBlur?: () => void;
  ref?: Ref<HTMLInputElement>;
  error?: string | undefined;
  autoFocus?: boolean;
}) {
  const { t } = useTranslation('shared');
  const { ref } = props;
  const [typed, setTyped] = useState(props.value);
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, isFetching } = useQuery({
    ...listQuery(searchUsers, { query: { username: settled, page_size: OFFERED } }),
    enabled: settled !== '',
  });
  const names = (settled === '' ? [] : (data?.rows ?? [])).map((row) => row.username);
  return (
    <Select
      ref={ref}
      label={props.label}
      placeholder={t('pick.user')}
      description={props.description}
      searchable
      data-autofocus={props.autoFocus || undefined}
      data={[...new Set([...names, ...(props.value === '' ? [] : [props.value])])]}
      filter={({ options }) => options}
      value={props.value === '' ? null : props.value}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(value) => props.onChange(value ?? '')}
      onBlur={props.onBlur}
      nothingFoundMessage={settled === '' || isFetching ? undefined : t('pick.nobody')}
      error={props.error}
    />
  );
}
