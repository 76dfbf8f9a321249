import { listProjects } from '@moorage/contracts';
import { MultiSelect, Radio, Stack, useDebouncedValue } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../api/query.ts';

const TYPING_MS = 200;

/** The projects that something reaches: all, also those to come, or named ones. */
export function ProjectChoice(props: { value: readonly string[]; onChange: (namespaces: readonly string[]) => void }) {
  const { t } = useTranslation('permission');
  const all = props.value.includes('*');
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const { data } = useQuery({
    ...listQuery(listProjects, { query: { name: settled || undefined, page_size: 50, sort: 'name' } }),
    enabled: !all,
  });
  const names = new Set([...(all ? [] : props.value), ...(data?.rows ?? []).map((row) => row.name)]);
  return (
    <>
      <Radio.Group
        label={t('projects.label')}
        value={all ? 'all' : 'named'}
        onChange={(value) => props.onChange(value === 'all' ? ['*'] : [])}
      >
        <Stack gap={8} mt={8}>
          <Radio value="all" label={t('projects.all')} description={t('projects.allText')} />
          <Radio value="named" label={t('projects.named')} />
        </Stack>
      </Radio.Group>
      {all ? null : (
        <MultiSelect
          label={t('projects.pick')}
          searchable
          data={[...names]}
          value={[...props.value]}
          onChange={props.onChange}
          searchValue={typed}
          onSearchChange={setTyped}
          nothingFoundMessage={t('projects.none')}
        />
      )}
    </>
  );
}
