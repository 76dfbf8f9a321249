import type { Role } from '@moorage/contracts';
import { Radio, Stack } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { ROLES } from './roles.ts';

/** The five roles, each with what it may do. */
export function RoleChoice(props: { value: Role; onChange: (role: Role) => void }) {
  const { t } = useTranslation('shared');
  return (
    <Radio.Group label={t('role.label')} value={props.value} onChange={(value) => props.onChange(value as Role)}>
      <Stack gap={10} mt={6}>
        {ROLES.map((role) => (
          <Radio key={role} value={role} label={t(`role.${role}.name`)} description={t(`role.${role}.text`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
