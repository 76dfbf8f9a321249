import { FacetBar, TextInput } from '@moorage/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './audit.module.css';
import type { AuditSearch, Span } from './audit-search.ts';

const ACTORS = ['user', 'robot', 'anonymous', 'system'] as const;
const RESOURCE_TYPES = [
  'artifact',
  'repository',
  'project',
  'member',
  'robot',
  'user',
  'configuration',
  'tag',
  'quota',
] as const;

/** Narrows an audit list by person, deed, kind of thing, result and time. */
export function AuditFacets(props: {
  search: AuditSearch;
  operations: readonly string[];
  onSearch: (q: string) => void;
  onFilter: (patch: Partial<AuditSearch>) => void;
  tools: ReactNode;
}) {
  const { t } = useTranslation('audit');
  const { search, onFilter } = props;
  return (
    <FacetBar
      search={{ label: t('search'), value: search.q ?? '', onChange: props.onSearch }}
      facets={[
        {
          id: 'operation',
          label: t('column.operation'),
          single: true,
          options: props.operations.map((value) => ({
            value,
            label: t(`operation.${value}`, { defaultValue: value }),
          })),
          selected: search.operation ? [search.operation] : [],
          onChange: ([value]) => onFilter({ operation: value }),
        },
        {
          id: 'type',
          label: t('column.type'),
          single: true,
          options: RESOURCE_TYPES.map((value) => ({ value, label: t(`type.${value}`) })),
          selected: search.type ? [search.type] : [],
          onChange: ([value]) => onFilter({ type: value }),
        },
        {
          id: 'actor',
          label: t('actor.label'),
          single: true,
          options: ACTORS.map((value) => ({ value, label: t(`actor.${value}`) })),
          selected: search.actor ? [search.actor] : [],
          onChange: ([value]) => onFilter({ actor: value as AuditSearch['actor'] }),
        },
        {
          id: 'result',
          label: t('column.result'),
          single: true,
          options: [
            { value: 'success', label: t('result.success') },
            { value: 'failure', label: t('result.failure') },
          ],
          selected: search.result ? [search.result] : [],
          onChange: ([value]) => onFilter({ result: value as AuditSearch['result'] }),
        },
        {
          id: 'span',
          label: t('span.label'),
          single: true,
          options: (['1h', '24h', '7d', '30d'] as const).map((value) => ({ value, label: t(`span.${value}`) })),
          selected: search.span ? [search.span] : [],
          onChange: ([value]) => onFilter({ span: value as Span | undefined, from: undefined, to: undefined }),
        },
      ]}
    >
      <TimeBound label={t('span.from')} value={search.from} onChange={(from) => onFilter({ from, span: undefined })} />
      <TimeBound label={t('span.to')} value={search.to} onChange={(to) => onFilter({ to, span: undefined })} />
      {props.tools}
    </FacetBar>
  );
}

function TimeBound(props: { label: string; value: string | undefined; onChange: (time: string | undefined) => void }) {
  return (
    <TextInput
      type="datetime-local"
      size="xs"
      className={classes.bound}
      aria-label={props.label}
      title={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  );
}
