import { type Facet, FacetBar, Stack, TextInput } from '@moorage/ui';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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
  'group',
  'group_member',
  'identity-source',
  'federation',
  'personal-token',
  'second-factor',
  'session',
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
      chips={(['from', 'to'] as const)
        .filter((bound) => search[bound] !== undefined)
        .map((bound) => ({
          label: `${t(`span.${bound}`)}: ${search[bound]?.replace('T', ' ')}`,
          remove: () => onFilter({ [bound]: undefined }),
        }))}
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
          selected: one(search.operation),
          onChange: ([value]) => onFilter({ operation: value }),
        },
        {
          id: 'type',
          label: t('column.type'),
          single: true,
          options: RESOURCE_TYPES.map((value) => ({ value, label: t(`type.${value}`) })),
          selected: one(search.type),
          onChange: ([value]) => onFilter({ type: value }),
        },
        {
          id: 'actor',
          label: t('actor.label'),
          single: true,
          options: ACTORS.map((value) => ({ value, label: t(`actor.${value}`) })),
          selected: one(search.actor),
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
          selected: one(search.result),
          onChange: ([value]) => onFilter({ result: value as AuditSearch['result'] }),
        },
        spanFacet(t, search, onFilter),
      ]}
    >
      {props.tools}
    </FacetBar>
  );
}

function spanFacet(t: TFunction<'audit'>, search: AuditSearch, onFilter: (patch: Partial<AuditSearch>) => void): Facet {
  return {
    id: 'span',
    label: t('span.label'),
    single: true,
    options: (['1h', '24h', '7d', '30d'] as const).map((value) => ({ value, label: t(`span.${value}`) })),
    selected: one(search.span),
    onChange: ([value]) => onFilter({ span: value as Span | undefined, from: undefined, to: undefined }),
    footer: <TimeBounds search={search} onFilter={onFilter} />,
  };
}

const one = (value: string | undefined) => (value === undefined ? [] : [value]);

/** Bounds of one's own choice, below the usual spans. */
function TimeBounds(props: { search: AuditSearch; onFilter: (patch: Partial<AuditSearch>) => void }) {
  const { t } = useTranslation('audit');
  const { search, onFilter } = props;
  return (
    <Stack gap={8} mt="md">
      <TextInput
        type="datetime-local"
        size="xs"
        label={t('span.from')}
        value={search.from ?? ''}
        onChange={(event) => onFilter({ from: event.currentTarget.value || undefined, span: undefined })}
      />
      <TextInput
        type="datetime-local"
        size="xs"
        label={t('span.to')}
        value={search.to ?? ''}
        onChange={(event) => onFilter({ to: event.currentTarget.value || undefined, span: undefined })}
      />
    </Stack>
  );
}
