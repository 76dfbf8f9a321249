import { type ArtifactStorage, ERRORS, getArtifactStorage } from '@moorage/contracts';
import {
  Bytes,
  CopyButton,
  Digest,
  EmptyState,
  IconStack2,
  Panel,
  shortDigest,
  TextSkeleton,
  useUi,
} from '@moorage/ui';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { type ArtifactPlace, configQuery, paramsOfArtifact } from './artifact.queries.ts';
import { layerCommand } from './layer-command.rules.ts';
import classes from './layers-view.module.css';

const SHOWN_SHARERS = 4;

type Sharer = ArtifactStorage['layers'][number]['shared_with'][number];

/** The layers of an image, bottom first: what made each, and how much of the image it is. */
export function LayersView(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const ui = useUi();
  const { data, error, refetch } = useLoad(configQuery(props.place));
  const { data: storage } = useLoad(objectQuery(getArtifactStorage, { params: paramsOfArtifact(props.place) }));
  if (isStatus(error, ERRORS.PRECONDITION.status)) return <NoImage />;
  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (data === undefined) return <TextSkeleton lines={6} />;
  const total = data.layers.reduce((sum, layer) => sum + layer.size, 0);
  return (
    <Panel title={t('layers.title', { count: data.layers.length })} actions={<Bytes value={total} />} flush>
      <ol className={classes.list}>
        {data.layers.map((layer, index) => {
          const { text, keyword } = layerCommand(layer.command);
          const share = total > 0 ? layer.size / total : 0;
          return (
            <li key={`${layer.digest}-${index}`} className={classes.layer}>
              <span className={classes.number} aria-hidden>
                {index + 1}
              </span>
              <div className={classes.command}>
                {text === '' ? (
                  <span className={classes.unknown}>{t('layers.unknown')}</span>
                ) : (
                  <code>
                    {keyword ? <b>{keyword} </b> : null}
                    {text}
                  </code>
                )}
                <span className={classes.digest}>
                  <Digest value={layer.digest} />
                </span>
                <SharedWith layer={storage?.layers.find((entry) => entry.digest === layer.digest)} />
              </div>
              {text === '' ? <span /> : <CopyButton value={layer.command} label={t('layers.copy')} quiet />}
              <div className={classes.size}>
                <Bytes value={layer.size} />
                <span
                  className={classes.bar}
                  role="img"
                  aria-label={t('layers.share', { percent: ui.number(Math.round(share * 100)) })}
                >
                  <span style={{ width: `${Math.max(1, share * 100)}%` }} />
                </span>
              </div>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** Who else has the layer, as far as the reader may see them. */
function SharedWith(props: { layer: ArtifactStorage['layers'][number] | undefined }) {
  const { t } = useTranslation('artifact');
  const others = props.layer?.shared_with ?? [];
  if (others.length === 0) return null;
  const rest = others.slice(SHOWN_SHARERS);
  return (
    <div className={classes.sharers}>
      {t('layers.sharedBy')} <Sharers of={others.slice(0, SHOWN_SHARERS)} />
      {rest.length > 0 ? (
        <details>
          <summary>{t('layers.more', { count: rest.length })}</summary>
          <Sharers of={rest} />
        </details>
      ) : null}
    </div>
  );
}

function Sharers(props: { of: readonly Sharer[] }) {
  return props.of.map((other, place) => (
    <Fragment key={`${other.repository_name} ${other.digest}`}>
      {place === 0 ? null : ', '}
      <Link
        to="/projects/$project/r/$repository/$reference"
        params={{ ...placeOfRepository(other.repository_name), reference: other.tag ?? other.digest }}
        search={{}}
      >
        {`${other.repository_name}${other.tag === undefined ? `@${shortDigest(other.digest)}` : `:${other.tag}`}`}
      </Link>
    </Fragment>
  ));
}

/** For what is not a container image. */
export function NoImage() {
  const { t } = useTranslation('artifact');
  return (
    <Panel>
      <EmptyState icon={<IconStack2 size={28} />} title={t('layers.noImage')} text={t('layers.noImageText')} />
    </Panel>
  );
}
