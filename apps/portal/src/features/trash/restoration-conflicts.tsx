import type { previewRestoration, ResponseOf } from '@moorage/contracts';
import { Checkbox, shortDigest, Switch, Text, TextInput } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import type { RestorationWishes } from './restoration.rules.ts';
import classes from './trash.module.css';

type Preview = ResponseOf<typeof previewRestoration>;
type Conflict = Preview['conflicts'][number];

/** Everything in the way of a restoration, each with the ways round it. */
export function RestorationConflicts(props: {
  preview: Preview;
  wishes: RestorationWishes;
  onChange: (wishes: RestorationWishes) => void;
}) {
  const { t } = useTranslation('trash');
  const { preview, wishes, onChange } = props;
  const taken = preview.conflicts.filter((conflict) => conflict.code === 'tag-taken');
  // A name given for a taken tag takes the tag off the list of conflicts; its field must stay.
  const settled = [...wishes.tags.keys()].filter((name) => !taken.some((conflict) => conflict.name === name));
  const others = preview.conflicts.filter((conflict) => conflict.code !== 'tag-taken');
  const more = preview.conflicts_total - preview.conflicts.length;
  if (preview.conflicts_total === 0 && wishes.tags.size === 0 && !wishes.skipTaken && !wishes.merge) return null;
  return (
    <section aria-label={t('conflict.title')}>
      <Text size="sm" fw={600}>
        {t('conflict.title')}
      </Text>
      {others.map((conflict) => (
        <OtherConflict
          key={`${conflict.code} ${conflict.name}`}
          conflict={conflict}
          wishes={wishes}
          onChange={onChange}
        />
      ))}
      {wishes.merge ? (
        <Switch label={t('conflict.merge')} checked onChange={() => onChange({ ...wishes, merge: false })} />
      ) : null}
      {taken.length > 1 || wishes.skipTaken ? (
        <Checkbox
          mt={8}
          label={t('conflict.skipAll')}
          checked={wishes.skipTaken}
          onChange={(event) => onChange({ ...wishes, skipTaken: event.currentTarget.checked })}
        />
      ) : null}
      {[...taken.map((conflict) => conflict.name), ...settled].map((name) => (
        <TakenTag
          key={name}
          name={name}
          digest={taken.find((conflict) => conflict.name === name)?.digest}
          wishes={wishes}
          onChange={onChange}
        />
      ))}
      {more > 0 ? <Text size="sm">{t('conflict.more', { count: more })}</Text> : null}
    </section>
  );
}

function TakenTag(props: {
  name: string;
  digest: string | undefined;
  wishes: RestorationWishes;
  onChange: (wishes: RestorationWishes) => void;
}) {
  const { t } = useTranslation('trash');
  const { name, wishes, onChange } = props;
  const wish = wishes.tags.get(name);
  const set = (as: string | null) => onChange({ ...wishes, tags: new Map([...wishes.tags, [name, as]]) });
  return (
    <div className={classes.conflict}>
      {props.digest === undefined ? null : (
        <Text size="sm">{t('conflict.tag-taken', { name, digest: shortDigest(props.digest) })}</Text>
      )}
      <Checkbox
        label={t('conflict.leaveOut', { name })}
        checked={wish === null}
        onChange={(event) => set(event.currentTarget.checked ? null : '')}
      />
      {wish === null ? null : (
        <TextInput
          size="xs"
          label={t('conflict.newName', { name })}
          value={wish ?? ''}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

function OtherConflict(props: {
  conflict: Conflict;
  wishes: RestorationWishes;
  onChange: (wishes: RestorationWishes) => void;
}) {
  const { t } = useTranslation('trash');
  const { conflict, wishes, onChange } = props;
  return (
    <div className={classes.conflict}>
      <Text size="sm">
        {t(`conflict.${conflict.code}`, { name: conflict.name, digest: shortDigest(conflict.digest ?? '') })}
      </Text>
      {conflict.code === 'repository-taken' ? (
        <>
          <Switch
            label={t('conflict.merge')}
            checked={wishes.merge}
            onChange={(event) => onChange({ ...wishes, merge: event.currentTarget.checked })}
          />
          <TextInput
            size="xs"
            label={t('conflict.otherRepository')}
            value={wishes.repository ?? ''}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ ...wishes, repository: event.currentTarget.value || undefined })}
          />
        </>
      ) : null}
    </div>
  );
}
