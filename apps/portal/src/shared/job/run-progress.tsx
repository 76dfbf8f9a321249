import { Progress } from '@moorage/ui';

/** How far work is, from 0 to 1; a stripe that moves while that is not known. */
export function RunProgress(props: { label: string; share: number | null }) {
  const percent = props.share === null ? 100 : Math.round(Math.min(1, Math.max(0, props.share)) * 100);
  return (
    <Progress.Root size="sm">
      <Progress.Section value={percent} animated={props.share === null} aria-label={props.label} />
    </Progress.Root>
  );
}
