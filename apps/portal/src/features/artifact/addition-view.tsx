import {
  Button,
  CodeBlock,
  downloadText,
  EmptyState,
  IconDownload,
  IconFileText,
  Panel,
  TextSkeleton,
  useUi,
} from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { isMissing } from '../../shared/api/problem.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { additionName, type AdditionView } from './addition.rules.ts';
import { additionQuery, type ArtifactPlace } from './artifact.queries.ts';
import { DependencyTable } from './dependency-table.tsx';
import { FileTree } from './file-tree.tsx';
import { ReadmeView } from './readme-view.tsx';
import { SbomView } from './sbom-view.tsx';

/** What a chart or model brings along: its readme, values, dependencies, licence or files. */
export function AdditionContent(props: { place: ArtifactPlace; view: AdditionView }) {
  const { t } = useTranslation('artifact');
  const { view, place } = props;
  const { data, error, refetch } = useLoad(additionQuery(place, additionName(view)));
  if (isMissing(error)) {
    return (
      <Panel>
        <EmptyState icon={<IconFileText size={28} />} title={t('addition.none')} text={t('addition.noneText')} />
      </Panel>
    );
  }
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined) return <TextSkeleton lines={10} />;
  switch (view) {
    case 'dependencies':
      return <DependencyTable text={data} />;
    case 'files':
      return <FileTree text={data} />;
    case 'sbom':
      return <SbomView text={data} />;
    case 'readme':
      return <ReadmeView text={data} />;
    default:
      return <TextAddition text={data} view={view} />;
  }
}

function TextAddition(props: { text: string; view: AdditionView }) {
  const { t } = useTranslation('artifact');
  const { text: ui } = useUi();
  const title = t(`tab.${props.view}`);
  return (
    <Panel
      title={title}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => downloadText(additionName(props.view), props.text)}
        >
          {ui.actions.download}
        </Button>
      }
    >
      <CodeBlock code={props.text} label={title} />
    </Panel>
  );
}
