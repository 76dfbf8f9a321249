import { compareArtifacts } from '@moorage/contracts';
import {
  Button,
  EmptyState,
  Fields,
  IconArrowsSort,
  PageHeader,
  Panel,
  Stack,
  TextInput,
  TextSkeleton,
} from '@moorage/ui';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { placeOfReference } from './compare-reference.rules.ts';
import { ComparisonView } from './comparison-view.tsx';
import classes from './compare.module.css';

const FROM = '/app/projects/$project/compare';

/** Two artifacts beside each other: what changed from the one to the other? */
export function ComparePage() {
  const { t } = useTranslation('artifact');
  const { project } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const { a = '', b = '' } = search;
  useTitle(t('compare.title'), project);
  const complete = placeOfReference(a) !== null && placeOfReference(b) !== null;
  return (
    <>
      <PageHeader
        trail={
          <>
            <Link to="/projects">{t('projects')}</Link>
            <span aria-hidden>/</span>
            <Link to="/projects/$project/repositories" params={{ project }}>
              {project}
            </Link>
          </>
        }
        title={t('compare.title')}
      />
      <Stack gap={20}>
        <Sides key={`${a} ${b}`} a={a} b={b} />
        {complete ? (
          <Result a={a} b={b} platform={search.platform} />
        ) : (
          <Panel>
            <EmptyState title={t('compare.choose')} text={t('compare.chooseText')} />
          </Panel>
        )}
      </Stack>
    </>
  );
}

/** The two names, to be typed over or swapped. */
function Sides(props: { a: string; b: string }) {
  const { t } = useTranslation('artifact');
  const navigate = useNavigate({ from: '/projects/$project/compare' });
  const [a, setA] = useState(props.a);
  const [b, setB] = useState(props.b);
  const [checked, setChecked] = useState(false);
  const problem = (text: string) => (checked && placeOfReference(text) === null ? t('compare.form') : undefined);
  const go = (next: { a: string; b: string }) => void navigate({ search: { a: next.a.trim(), b: next.b.trim() } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (placeOfReference(a) !== null && placeOfReference(b) !== null) go({ a, b });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <div className={classes.sides}>
          <TextInput
            label={t('compare.base')}
            placeholder="project/repository:tag"
            value={a}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setA(event.currentTarget.value)}
            error={problem(a)}
          />
          <Button
            variant="default"
            leftSection={<IconArrowsSort size={16} aria-hidden className={classes.sideways} />}
            onClick={() => go({ a: b, b: a })}
          >
            {t('compare.swap')}
          </Button>
          <TextInput
            label={t('compare.other')}
            placeholder="project/repository:tag"
            value={b}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setB(event.currentTarget.value)}
            error={problem(b)}
          />
          <Button type="submit">{t('compare.action')}</Button>
        </div>
      </Fields>
    </form>
  );
}

function Result(props: { a: string; b: string; platform: string | undefined }) {
  const base = placeOfReference(props.a);
  const { data, error, refetch } = useLoad(
    objectQuery(compareArtifacts, {
      params: {
        project_name: base?.project ?? '',
        repository_name: base?.repository ?? '',
        reference: base?.reference ?? '',
      },
      query: { with: props.b, platform: props.platform },
    }),
  );
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined) return <TextSkeleton lines={10} />;
  return <ComparisonView a={props.a} b={props.b} comparison={data} />;
}
