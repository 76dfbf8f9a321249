import {
  ActionIcon,
  COLOR_SCHEMES,
  IconCheck,
  IconLanguage,
  IconMoon,
  IconSun,
  IconSunMoon,
  Menu,
  useColorScheme,
} from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from './languages.ts';
import { useLanguage } from './use-language.ts';

const SCHEME_ICONS = { auto: IconSunMoon, light: IconSun, dark: IconMoon } as const;

/** Light, dark, or as the system has it. */
export function SchemeMenu() {
  const { t } = useTranslation('shared');
  const { scheme, setScheme } = useColorScheme();
  const Icon = SCHEME_ICONS[scheme];
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t('scheme.label')} title={t('scheme.label')}>
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {COLOR_SCHEMES.map((value) => {
          const ItemIcon = SCHEME_ICONS[value];
          return (
            <Menu.Item
              key={value}
              role="menuitemradio"
              aria-checked={value === scheme}
              leftSection={<ItemIcon size={16} aria-hidden />}
              rightSection={value === scheme ? <IconCheck size={15} aria-hidden /> : null}
              onClick={() => setScheme(value)}
            >
              {t(`scheme.${value}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The portal's language. */
export function LanguageMenu() {
  const { t } = useTranslation('shared');
  const { language, setLanguage } = useLanguage();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={t('language.label')} title={t('language.label')}>
          <IconLanguage size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map(({ tag, name }) => (
          <Menu.Item
            key={tag}
            lang={tag}
            role="menuitemradio"
            aria-checked={tag === language}
            rightSection={tag === language ? <IconCheck size={15} aria-hidden /> : null}
            onClick={() => void setLanguage(tag)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
