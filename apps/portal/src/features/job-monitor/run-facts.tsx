import type { Execution } from '@moorage/contracts';
import { Bytes, CodeBlock, Count, Facts } from '@moorage/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../shared/links.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import classes from './job-monitor.module.css';

const NAMES = [
  'repository',
  'mode',
  'total',
  'kept',
  'pending',
  'dry_run',
  'delete_untagged',
  'workers',
  'freed_space',
  'purged_blobs',
  'purged_links',
  'purged_manifests',
  'scanned_blobs',
  'share',
  'tags_removed',
  'artifacts_removed',
  'blobs',
  'bytes',
  'corrupt',
  'objects',
  'rows',
  'missing',
  'unknown',
  'wrong_size',
] as const;
const SIZES: ReadonlySet<string> = new Set(['freed_space', 'bytes']);

/** What a run says of itself: the facts that have a name here, and all of them as the API has them. */
export function OwnFacts(props: { run: Execution }) {
  const { t } = useTranslation('job-monitor');
  const facts = props.run.extra_attrs;
  const shown = NAMES.filter((name) => Object.hasOwn(facts, name));
  if (Object.keys(facts).length === 0) return null;
  return (
    <>
      <Facts
        rows={shown.map((name) => ({ label: t(`fact.${name}`), value: <Fact name={name} value={facts[name]} /> }))}
      />
      <details className={classes.raw}>
        <summary>{t('facts.raw')}</summary>
        <CodeBlock code={JSON.stringify(facts, null, 2)} label={t('facts.raw')} maxHeight={320} />
      </details>
    </>
  );
}

function Fact(props: { name: string; value: unknown }): ReactNode {
  const { t } = useTranslation('job-monitor');
  const { name, value } = props;
  if (typeof value === 'number') return SIZES.has(name) ? <Bytes value={value} /> : <Count value={value} />;
  if (typeof value === 'boolean') return t(value ? 'facts.yes' : 'facts.no');
  if (name === 'mode') return t(value === 'untag' ? 'facts.untag' : 'facts.delete');
  return typeof value === 'string' ? value : '';
}

/** The way to the page that tells more of a run than its tasks do. */
export function OwnPage(props: { run: Execution }) {
  const { t } = useTranslation('job-monitor');
  const { id, vendor_type: work, extra_attrs: facts } = props.run;
  if (work === 'GARBAGE_COLLECTION') {
    return (
      <ButtonLink to="/storage/$gcId" params={{ gcId: String(id) }} small>
        {t('facts.collection')}
      </ButtonLink>
    );
  }
  if (work === 'REMOVAL' && typeof facts.repository === 'string') {
    return (
      <ButtonLink
        to="/projects/$project/r/$repository"
        params={placeOfRepository(facts.repository)}
        search={{ removal: id }}
        small
      >
        {t('facts.removal')}
      </ButtonLink>
    );
  }
  return null;
}
