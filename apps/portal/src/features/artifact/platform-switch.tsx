import type { Artifact } from '@moorage/contracts';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { platformText } from '../../shared/platform.rules.ts';
import type { ArtifactPlace } from './artifact.queries.ts';
import type { ArtifactSearch } from './artifact-search.ts';
import classes from './platform-switch.module.css';

/** The platforms of an index as links, so that each has an address. */
export function PlatformSwitch(props: {
  place: ArtifactPlace;
  options: NonNullable<Artifact['references']>;
  selected: string | undefined;
  tab: ArtifactSearch['tab'];
}) {
  const { t } = useTranslation('artifact');
  return (
    <nav aria-label={t('platform.label')} className={classes.platforms}>
      {props.options.map((child) => (
        <Link
          key={child.child_digest}
          to="/projects/$project/r/$repository/$reference"
          params={{ ...props.place }}
          search={{ tab: props.tab, platform: child.child_digest }}
          replace
          resetScroll={false}
          className={classes.platform}
          data-selected={child.child_digest === props.selected || undefined}
          aria-current={child.child_digest === props.selected ? 'true' : undefined}
        >
          {platformText(child.platform)}
        </Link>
      ))}
    </nav>
  );
}
