import { Panel, Text, TextSkeleton } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { useFoundNames } from './search.queries.ts';
import classes from './search.module.css';

/** Projects and repositories whose name has the text in it. */
export function FoundNames(props: { text: string }) {
  const { t } = useTranslation('search');
  const { data, error, refetch } = useFoundNames(props.text);
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <TextSkeleton lines={3} />;
  return (
    <div className={classes.names}>
      <Panel title={t('projects', { count: data.project.length })}>
        {data.project.length === 0 ? <Nothing /> : null}
        <ul className={classes.list}>
          {data.project.map(({ name }) => (
            <li key={name}>
              <Link to="/projects/$project" params={{ project: name }}>
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title={t('repositories', { count: data.repository.length })}>
        {data.repository.length === 0 ? <Nothing /> : null}
        <ul className={classes.list}>
          {data.repository.map(({ repository_name: name }) => (
            <li key={name}>
              <Link to="/projects/$project/r/$repository" params={placeOfRepository(name)}>
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Nothing() {
  const { t } = useTranslation('search');
  return (
    <Text size="sm" c="dimmed">
      {t('nothing')}
    </Text>
  );
}
