import { Button, CodeBlock, downloadText, IconDownload, Panel, SegmentedControl, useUi } from '@moorage/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Markdown } from '../../shared/markdown/markdown.tsx';

/** A readme, to be read or as it was written. */
export function ReadmeView(props: { text: string }) {
  const { t } = useTranslation('artifact');
  const { text: ui } = useUi();
  const navigate = useNavigate({ from: '/projects/$project/r/$repository/$reference' });
  const { as } = useSearch({ from: '/app/projects/$project/r/$repository/$reference' });
  const title = t('tab.readme');
  return (
    <Panel
      title={title}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('addition.as')}
            value={as ?? 'rendered'}
            onChange={(value) =>
              void navigate({
                search: (before) => ({ ...before, as: value === 'source' ? 'source' : undefined }),
                replace: true,
                resetScroll: false,
              })
            }
            data={[
              { value: 'rendered', label: t('addition.rendered') },
              { value: 'source', label: t('addition.source') },
            ]}
          />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden />}
            onClick={() => downloadText('readme.md', props.text)}
          >
            {ui.actions.download}
          </Button>
        </>
      }
    >
      {as === 'source' ? <CodeBlock code={props.text} label={title} /> : <Markdown text={props.text} />}
    </Panel>
  );
}
