import { PROJECT_ACTIONS, SYSTEM_ACTIONS } from '@moorage/contracts';
import { Fields, Radio, Select, Stack, TextInput } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { UserPicker } from '../../shared/user/user-picker.tsx';
import { type AccessSearch, SUBJECT_KINDS } from './access-search.ts';

/** Who, and what. Every change asks again. */
export function AccessQuestion(props: {
  forSystem: boolean;
  value: AccessSearch;
  onChange: (patch: Partial<AccessSearch>) => void;
}) {
  const { t } = useTranslation('access');
  const { value, onChange } = props;
  const kind = value.kind ?? 'user';
  const permissions = usePermissionGroups(props.forSystem);
  return (
    <Fields>
      <Radio.Group
        label={t('question.kind')}
        value={kind}
        onChange={(next) =>
          onChange({ kind: SUBJECT_KINDS.find((entry) => entry === next && entry !== 'user'), who: undefined })
        }
      >
        <Stack gap={8} mt={8}>
          {SUBJECT_KINDS.map((entry) => (
            <Radio key={entry} value={entry} label={t(`question.${entry}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {kind === 'user' ? (
        <UserPicker
          label={t('question.user')}
          value={value.who ?? ''}
          onChange={(who) => onChange({ who: who === '' ? undefined : who })}
        />
      ) : null}
      {kind === 'robot' ? <RobotName value={value.who ?? ''} onChange={(who) => onChange({ who })} /> : null}
      <Select
        label={t('question.permission')}
        searchable
        data={permissions}
        value={value.what ?? null}
        onChange={(what) => onChange({ what: what ?? undefined })}
      />
    </Fields>
  );
}

/** Taken over when the field is left or Enter is pressed: half a name is nobody's. */
function RobotName(props: { value: string; onChange: (name: string | undefined) => void }) {
  const { t } = useTranslation('access');
  const take = (text: string) => props.onChange(text.trim() === '' ? undefined : text.trim());
  return (
    <TextInput
      key={props.value}
      label={t('question.robotName')}
      description={t('question.robotHelp')}
      placeholder="robot$library+ci"
      autoCapitalize="none"
      spellCheck={false}
      defaultValue={props.value}
      onBlur={(event) => take(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value);
      }}
    />
  );
}

function usePermissionGroups(forSystem: boolean) {
  const { t } = useTranslation('permission');
  return useMemo(() => {
    const resources: Readonly<Record<string, readonly string[]>> = forSystem ? SYSTEM_ACTIONS : PROJECT_ACTIONS;
    return Object.entries(resources).map(([resource, actions]) => ({
      group: t(`resource.${resource}`, { defaultValue: resource }),
      items: actions.map((action) => ({
        value: `${resource}:${action}`,
        label: `${t(`resource.${resource}`, { defaultValue: resource })}: ${t(`action.${action}`, { defaultValue: action })}`,
      })),
    }));
  }, [t, forSystem]);
}
