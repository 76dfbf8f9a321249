import { Button, downloadText, IconDownload, Switch, Text, TextInput, TextSkeleton, useUi } from '@moorage/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fetchText } from '../api/fetch-text.ts';
import { useProblem } from '../api/use-problem.ts';
import classes from './job.module.css';

const FOLLOW_MS = 2_000;
/** More lines than this make a page slow; the file has all of them. */
const SHOWN_LINES = 5_000;

/** The log of a task: followed while it grows, searched, and taken home as a file. */
export function LogView(props: {
  /** Where the text is. */
  address: string;
  /** Whether more may come. */
  grows: boolean;
  fileName: string;
}) {
  const { t } = useTranslation('job');
  const problem = useProblem();
  const [find, setFind] = useState('');
  const [follow, setFollow] = useState(true);
  const { data, error } = useQuery({
    // Its last lines are written as the work ends: then it is read once more.
    queryKey: ['job-log', props.address, props.grows] as const,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchText(props.address, signal),
    refetchInterval: props.grows ? FOLLOW_MS : false,
  });
  if (error !== null && data === undefined) {
    return (
      <Text role="alert" size="sm">
        {problem.text(error)}
      </Text>
    );
  }
  if (data === undefined) return <TextSkeleton lines={6} />;
  return (
    <div className={classes.log}>
      <div className={classes.logBar}>
        <TextInput
          size="xs"
          type="search"
          aria-label={t('log.find')}
          placeholder={t('log.find')}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        {props.grows ? (
          <Switch
            size="sm"
            label={t('log.follow')}
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
          />
        ) : null}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => downloadText(props.fileName, data, 'text/plain')}
        >
          {t('log.download')}
        </Button>
      </div>
      <Lines text={data} find={find} follow={props.grows && follow} />
    </div>
  );
}

function Lines(props: { text: string; find: string; follow: boolean }) {
  const { t } = useTranslation('job');
  const ui = useUi();
  const box = useRef<HTMLPreElement>(null);
  const wanted = props.find.trim().toLowerCase();
  const lines = props.text.split('\n').filter((line) => line !== '' && line.toLowerCase().includes(wanted));
  const shown = lines.slice(-SHOWN_LINES);
  useEffect(() => {
    if (props.follow) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [props.follow, shown.length]);
  return (
    <>
      <p className={classes.logCount} role="status">
        {t('log.lines', { count: lines.length })}
        {lines.length > shown.length ? ` ${t('log.last', { shown: ui.number(shown.length) })}` : null}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre ref={box} className={classes.logText} tabIndex={0} role="log" aria-label={t('log.label')}>
        {shown.length === 0 ? t('log.empty') : shown.join('\n')}
      </pre>
    </>
  );
}
