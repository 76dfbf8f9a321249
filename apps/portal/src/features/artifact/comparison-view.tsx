import type { ArtifactComparison } from '@moorage/contracts';
import { Bytes, EmptyState, ExactTime, IconCheck, Panel, shortDigest, Stack, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useArtifactKind } from '../../shared/use-artifact-kind.ts';
import { Link } from '../../shared/links.tsx';
import { platformText } from '../../shared/platform.rules.ts';
import { layerCommand } from './layer-command.rules.ts';
import classes from './compare.module.css';
import table from './plain-table.module.css';

/** What two artifacts have in common and what not. */
export function ComparisonView(props: { a: string; b: string; comparison: ArtifactComparison }) {
  const { t } = useTranslation('artifact');
  const { comparison } = props;
  return (
    <Stack gap={20}>
      {comparison.platforms.length > 1 ? <Platforms {...props} /> : null}
      <Summary {...props} />
      {comparison.identical ? (
        <Panel>
          <EmptyState icon={<IconCheck size={28} />} title={t('compare.same')} text={t('compare.sameText')} />
        </Panel>
      ) : (
        <>
          <Layers comparison={comparison} />
          <Changes title={t('tab.config')} rows={comparison.config} />
          <Changes title={t('config.environment')} rows={comparison.env} />
          <Changes title={t('config.labels')} rows={comparison.labels} />
          <Changes title={t('facts.annotations')} rows={comparison.annotations} />
        </>
      )}
    </Stack>
  );
}

function Platforms(props: { a: string; b: string; comparison: ArtifactComparison }) {
  const { t } = useTranslation('artifact');
  const { comparison } = props;
  const shown = platformText(comparison.platform);
  return (
    <nav aria-label={t('platform.label')} className={classes.platforms}>
      {comparison.platforms.map((platform) => (
        <Link
          key={platform}
          from="/projects/$project/compare"
          to="."
          search={{ a: props.a, b: props.b, platform }}
          aria-current={platform === shown ? 'true' : undefined}
          className={classes.platform}
        >
          {platform}
        </Link>
      ))}
    </nav>
  );
}

function Summary(props: { comparison: ArtifactComparison }) {
  const { t } = useTranslation('artifact');
  const ui = useUi();
  const { base, other } = props.comparison;
  const kindOf = useArtifactKind();
  const growth = other.size - base.size;
  return (
    <Panel flush>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('facts.title')}</th>
            <th scope="col">{t('compare.base')}</th>
            <th scope="col">{t('compare.other')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" data-word>
              {t('facts.digest')}
            </th>
            <td>
              <code title={base.digest}>{shortDigest(base.digest)}</code>
            </td>
            <td>
              <code title={other.digest}>{shortDigest(other.digest)}</code>
            </td>
          </tr>
          <tr>
            <th scope="row" data-word>
              {t('compare.kind')}
            </th>
            <td>{kindOf(base.type)}</td>
            <td>{kindOf(other.type)}</td>
          </tr>
          <tr>
            <th scope="row" data-word>
              {t('facts.pushed')}
            </th>
            <td>
              <ExactTime value={base.push_time} />
            </td>
            <td>
              <ExactTime value={other.push_time} />
            </td>
          </tr>
          <tr>
            <th scope="row" data-word>
              {t('facts.size')}
            </th>
            <td>
              <Bytes value={base.size} />
            </td>
            <td>
              <Bytes value={other.size} />{' '}
              {growth === 0 ? null : (
                <span className={table.dim}>
                  {growth > 0 ? '+' : '−'}
                  {ui.bytes(Math.abs(growth))}
                </span>
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </Panel>
  );
}

const SIGN = { both: '=', base: '−', other: '+' } as const;

function Layers(props: { comparison: ArtifactComparison }) {
  const { t } = useTranslation('artifact');
  const ui = useUi();
  const { layers, layer_bytes: bytes } = props.comparison;
  if (layers.length === 0) return null;
  return (
    <Panel title={t('tab.layers')} flush>
      <p className={classes.sums}>
        {t('compare.layerBytes', {
          both: ui.bytes(bytes.both),
          base: ui.bytes(bytes.base),
          other: ui.bytes(bytes.other),
        })}
      </p>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('compare.where')}</th>
            <th scope="col">{t('compare.layer')}</th>
            <th scope="col" data-align="end">
              {t('facts.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {layers.map((layer, index) => {
            const { keyword, text } = layerCommand(layer.command);
            return (
              <tr key={`${layer.digest} ${index}`} data-in={layer.in} className={classes.layer}>
                <td>
                  <span aria-hidden>{SIGN[layer.in]}</span> {t(`compare.in.${layer.in}`)}
                </td>
                <td>
                  {text === '' ? (
                    <span className={table.dim}>{t('layers.unknown')}</span>
                  ) : (
                    <code className={classes.command}>
                      {keyword ? `${keyword} ` : ''}
                      {text}
                    </code>
                  )}
                  <div className={table.dim}>
                    <code title={layer.digest}>{shortDigest(layer.digest)}</code>
                  </div>
                </td>
                <td data-align="end">
                  <Bytes value={layer.size} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}

function Changes(props: { title: string; rows: ArtifactComparison['env'] }) {
  const { t } = useTranslation('artifact');
  if (props.rows.length === 0) return null;
  return (
    <Panel title={props.title} flush>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('compare.key')}</th>
            <th scope="col">{t('compare.base')}</th>
            <th scope="col">{t('compare.other')}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.key}</th>
              <td>
                <Value text={row.base} />
              </td>
              <td>
                <Value text={row.other} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Value(props: { text: string | null }) {
  const { t } = useTranslation('artifact');
  return props.text === null ? <span className={table.dim}>{t('compare.absent')}</span> : <code>{props.text}</code>;
}
