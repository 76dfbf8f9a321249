import { Button, CodeBlock, downloadText, IconDownload, Panel, shortDigest, TextSkeleton, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { type ArtifactPlace, manifestQuery } from './artifact.queries.ts';

/** The manifest as it was pushed; indented to read, its own bytes to download. */
export function RawView(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const { text: ui } = useUi();
  const { data, error, refetch } = useLoad(manifestQuery(props.place));
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined) return <TextSkeleton lines={10} />;
  const { repository, reference } = props.place;
  const name = `${repository.replaceAll('/', '-')}-${reference.includes(':') ? shortDigest(reference) : reference}.json`;
  return (
    <Panel
      title={t('raw.title')}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => downloadText(name, data)}
        >
          {ui.actions.download}
        </Button>
      }
    >
      <CodeBlock code={indented(data)} label={t('raw.title')} />
    </Panel>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
