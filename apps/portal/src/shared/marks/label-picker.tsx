import type { Label } from '@moorage/contracts';
import { Checkbox, Stack, Text, TextInput, TextSkeleton, toast, useDebouncedValue } from '@moorage/ui';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../api/use-problem.ts';
import { FormDialog } from '../form/form-dialog.tsx';
import { LabelChip } from './label-chip.tsx';
import classes from './marks.module.css';
import { type MarkedPlace, useMarkArtifacts, useOfferedLabels } from './marks.queries.ts';

const TYPING_MS = 250;

/**
 * Chooses the labels of artifacts. With one artifact the boxes show what it has; with several, labels are added and
 * nothing is taken off.
 */
export function LabelPicker(props: {
  projectId: number;
  places: readonly MarkedPlace[];
  present: readonly Label[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('marks');
  const problem = useProblem();
  const mark = useMarkArtifacts();
  const count = props.places.length;
  return (
    <LabelChoice
      projectId={props.projectId}
      count={count}
      present={props.present}
      busy={mark.isPending}
      failure={mark.error ? problem.text(mark.error) : null}
      onClose={props.onClose}
      onSubmit={(change) =>
        mark.mutate(
          { places: props.places, ...change },
          {
            onSuccess: () => {
              toast({ tone: 'success', message: t('label.saved', { count }) });
              props.onDone();
            },
          },
        )
      }
    />
  );
}

/** Labels to put on and to take off. */
export interface LabelWish {
  readonly add: readonly number[];
  readonly remove: readonly number[];
}

/** The form of {@link LabelPicker}, for whoever saves the choice in another way. */
export function LabelChoice(props: {
  projectId: number;
  /** Artifacts that are labelled. */
  count: number;
  present: readonly Label[];
  busy: boolean;
  failure: string | null;
  /** What the choice would do. */
  note?: ReactNode;
  onChoose?: (chosen: readonly number[]) => void;
  onClose: () => void;
  onSubmit: (wish: LabelWish) => void;
}) {
  const { t } = useTranslation('marks');
  const [typed, setTyped] = useState('');
  const [name] = useDebouncedValue(typed.trim(), TYPING_MS);
  const offer = useOfferedLabels(props.projectId, name);
  const before = new Set(props.present.map((label) => label.id));
  const [chosen, setChosen] = useState<ReadonlySet<number>>(before);
  const rows = name === '' ? union(props.present, offer.labels) : offer.labels;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit({
      add: [...chosen].filter((id) => !before.has(id)),
      remove: [...before].filter((id) => !chosen.has(id)),
    });
  };
  const choose = (next: ReadonlySet<number>) => {
    setChosen(next);
    props.onChoose?.([...next]);
  };
  return (
    <FormDialog
      title={t('label.title', { count: props.count })}
      submitLabel={t('label.save')}
      busy={props.busy}
      failure={props.failure}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <TextInput
        label={t('label.find')}
        data-autofocus
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {offer.loading && rows.length === 0 ? (
        <TextSkeleton lines={3} />
      ) : (
        <Offer
          rows={rows}
          chosen={chosen}
          nothing={name === '' ? t('label.none') : t('label.noMatch')}
          onChoose={choose}
        />
      )}
      {props.note}
    </FormDialog>
  );
}

function Offer(props: {
  rows: readonly Label[];
  chosen: ReadonlySet<number>;
  nothing: string;
  onChoose: (chosen: ReadonlySet<number>) => void;
}) {
  const { t } = useTranslation('marks');
  return (
    <Stack gap={8} role="group" aria-label={t('label.offered')} className={classes.offer}>
      {props.rows.map((label) => (
        <Checkbox
          key={label.id}
          checked={props.chosen.has(label.id)}
          onChange={(event) => props.onChoose(toggled(props.chosen, label.id, event.currentTarget.checked))}
          label={<LabelChip label={label} />}
          description={label.scope === 'g' ? t('label.global') : undefined}
        />
      ))}
      {props.rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {props.nothing}
        </Text>
      ) : null}
    </Stack>
  );
}

function union(first: readonly Label[], second: readonly Label[]): Label[] {
  const seen = new Set(first.map((label) => label.id));
  return [...first, ...second.filter((label) => !seen.has(label.id))];
}

function toggled(set: ReadonlySet<number>, id: number, on: boolean): ReadonlySet<number> {
  const next = new Set(set);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
