import type { Artifact, ArtifactHold } from '@moorage/contracts';
import { Badge, Button, ExactTime, Group, Panel, Text, TextSkeleton, toast } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../access/access.queries.ts';
import { useProblem } from '../api/use-problem.ts';
import { lazyPart } from '../lazy-part.tsx';
import { Link } from '../links.tsx';
import { useProjectIfKnown } from '../project/project.queries.ts';
import classes from './marks.module.css';
import { type MarkedPlace, useHolds, useReleaseHold } from './marks.queries.ts';

const HoldDialog = lazyPart(() => import('./hold-dialog.tsx'), 'HoldDialog');

/** What keeps an artifact from being changed or deleted: rules on its tags, locks and legal holds. */
export function ArtifactProtection(props: { place: MarkedPlace; artifact: Artifact }) {
  const { t } = useTranslation('marks');
  const project = useProjectIfKnown();
  const { can } = useProjectAccess(project?.project_id);
  const [adding, setAdding] = useState<ArtifactHold['kind'] | null>(null);
  const place = { ...props.place, reference: props.artifact.digest };
  const sees = can('artifact-hold:list');
  const immutable = (props.artifact.tags ?? []).filter((tag) => tag.immutable);
  if (!sees && immutable.length === 0) return null;
  return (
    <Panel title={t('hold.panel')}>
      {immutable.length > 0 ? (
        <Text size="sm" mb="sm">
          {t('hold.immutable', { count: immutable.length, names: immutable.map((tag) => tag.name).join(', ') })}{' '}
          {can('immutable-tag:list') ? (
            <Link to="/projects/$project/policies/immutability" params={{ project: props.place.project }}>
              {t('hold.rules')}
            </Link>
          ) : null}
        </Text>
      ) : null}
      {sees ? <Holds place={place} mayRelease={can('artifact-hold:delete')} /> : null}
      {can('artifact-hold:create') ? (
        <Group gap="xs" mt="md">
          <Button size="xs" variant="default" onClick={() => setAdding('lock')}>
            {t('hold.lock.action')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setAdding('legal-hold')}>
            {t('hold.legal-hold.action')}
          </Button>
        </Group>
      ) : null}
      {adding === null ? null : <HoldDialog place={place} kind={adding} onClose={() => setAdding(null)} />}
    </Panel>
  );
}

function Holds(props: { place: MarkedPlace; mayRelease: boolean }) {
  const { t } = useTranslation('marks');
  const problem = useProblem();
  const { data, error } = useHolds(props.place, true);
  if (error) {
    return (
      <Text size="sm" role="alert">
        {problem.text(error)}
      </Text>
    );
  }
  if (data === undefined) return <TextSkeleton lines={2} />;
  if (data.rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('hold.none')}
      </Text>
    );
  }
  return (
    <ul className={classes.list}>
      {data.rows.map((hold) => (
        <Hold key={hold.id} hold={hold} {...props} />
      ))}
    </ul>
  );
}

function Hold(props: { hold: ArtifactHold; place: MarkedPlace; mayRelease: boolean }) {
  const { t } = useTranslation('marks');
  const problem = useProblem();
  const release = useReleaseHold(props.place);
  const { hold } = props;
  // A lock can be cleared away only once it has ended; before, nobody can release it.
  const releasable = props.mayRelease && (hold.kind === 'legal-hold' || !hold.active);
  return (
    <li className={classes.hold}>
      <div className={classes.row}>
        <span>
          <Badge color={hold.active ? 'tide' : 'gray'}>{t(`hold.${hold.kind}.name`)}</Badge>
        </span>
        {releasable ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={release.isPending}
            onClick={() =>
              release.mutate(hold.id, {
                onSuccess: () => toast({ tone: 'success', message: t('hold.released') }),
                onError: (error) =>
                  toast({ tone: 'problem', title: t('hold.releaseFailed'), message: problem.text(error) }),
              })
            }
          >
            {hold.active ? t('hold.release') : t('hold.clear')}
          </Button>
        ) : null}
      </div>
      <p>{hold.reason}</p>
      <p className={classes.ended}>
        {hold.until === undefined ? (
          t('hold.untilReleased')
        ) : (
          <>
            {hold.active ? t('hold.until') : t('hold.ended')} <ExactTime value={hold.until} />
          </>
        )}
      </p>
      <p className={classes.ended}>{t('hold.by', { name: hold.created_by })}</p>
    </li>
  );
}
