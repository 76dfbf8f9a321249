import { EmptyState, IconAnchor } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../shared/links.tsx';
import { useTitle } from '../shared/page/use-title.ts';

/** An address where nothing is, with the nearest places that exist. */
export function NotFoundPage() {
  const { t } = useTranslation('shell');
  useTitle(t('notFound.title'));
  return (
    <EmptyState icon={<IconAnchor size={26} />} title={t('notFound.title')} text={t('notFound.text')}>
      <ButtonLink to="/projects" look="primary">
        {t('nav.projects')}
      </ButtonLink>
      <ButtonLink to="/">{t('nav.home')}</ButtonLink>
    </EmptyState>
  );
}
