import type { Label } from '@moorage/contracts';
import { Button, Panel, Text } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../access/access.queries.ts';
import { lazyPart } from '../lazy-part.tsx';
import { useProjectIfKnown } from '../project/project.queries.ts';
import { LabelChips } from './label-chip.tsx';
import type { MarkedPlace } from './marks.queries.ts';

const LabelPicker = lazyPart(() => import('./label-picker.tsx'), 'LabelPicker');

/** The labels on an artifact, with a way to change them for those who may. */
export function ArtifactLabels(props: { place: MarkedPlace; labels: readonly Label[] }) {
  const { t } = useTranslation('marks');
  const project = useProjectIfKnown();
  const { can } = useProjectAccess(project?.project_id);
  const [picking, setPicking] = useState(false);
  const close = () => setPicking(false);
  return (
    <Panel
      title={t('label.panel')}
      actions={
        can('artifact-label:create') ? (
          <Button size="xs" variant="default" onClick={() => setPicking(true)}>
            {t('label.change')}
          </Button>
        ) : null
      }
    >
      {props.labels.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('label.noneHere')}
        </Text>
      ) : (
        <LabelChips labels={props.labels} />
      )}
      {picking && project !== undefined ? (
        <LabelPicker
          projectId={project.project_id}
          places={[props.place]}
          present={props.labels}
          onClose={close}
          onDone={close}
        />
      ) : null}
    </Panel>
  );
}
