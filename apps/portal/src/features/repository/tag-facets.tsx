import { type Facet, FacetBar } from '@moorage/ui';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { kindText } from '../../shared/artifact-kind.rules.ts';
import type { RepositorySearch } from './repository-search.ts';

const KINDS = ['IMAGE', 'CHART', 'WASM', 'CNAB', 'CNAI', 'SBOM'] as const;
const PULLS = ['week', 'not30', 'not90', 'never'] as const;

/** Narrows the list of tags by name, kind, who pushed and when last pulled. */
export function TagFacets(props: {
  search: RepositorySearch;
  onSearch: (q: string) => void;
  onFilter: (patch: Partial<RepositorySearch>) => void;
}) {
  const { t } = useTranslation('repository');
  const { search, onFilter } = props;
  return (
    <FacetBar
      search={{ label: t('tags.search'), value: search.q ?? '', onChange: props.onSearch }}
      facets={[
        {
          id: 'type',
          label: t('column.type'),
          single: true,
          options: KINDS.map((value) => ({ value, label: kindText(value) })),
          selected: one(search.type),
          onChange: ([value]) => onFilter({ type: value }),
        },
        pulledFacet(t, search, onFilter),
      ]}
      chips={
        search.by === undefined
          ? []
          : [{ label: `${t('column.pushedBy')}: ${search.by}`, remove: () => onFilter({ by: undefined }) }]
      }
    />
  );
}

function pulledFacet(
  t: TFunction<'repository'>,
  search: RepositorySearch,
  onFilter: (patch: Partial<RepositorySearch>) => void,
): Facet {
  return {
    id: 'pulled',
    label: t('column.pulled'),
    single: true,
    options: PULLS.map((value) => ({ value, label: t(`tags.pulled.${value}`) })),
    selected: one(search.pulled),
    onChange: ([value]) => onFilter({ pulled: value as RepositorySearch['pulled'] }),
  };
}

const one = (value: string | undefined) => (value === undefined ? [] : [value]);
