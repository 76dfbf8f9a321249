import { Checkbox } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { type Grant, matrixOf } from './permission.rules.ts';
import classes from './permission.module.css';

/** Rights by resource and action. Their names are those of the API, so that they can be found again there. */
export function PermissionMatrix(props: {
  label: string;
  offer: readonly Grant[];
  chosen: ReadonlySet<Grant>;
  onChange: (chosen: ReadonlySet<Grant>) => void;
}) {
  const { t } = useTranslation('permission');
  const toggle = (grants: readonly Grant[], on: boolean) => {
    const next = new Set(props.chosen);
    for (const grant of grants) {
      if (on) next.add(grant);
      else next.delete(grant);
    }
    props.onChange(next);
  };
  return (
    // A region that scrolls must take focus; its check boxes do.
    <div className={classes.scroll}>
      <table className={classes.matrix} aria-label={props.label}>
        <tbody>
          {matrixOf(props.offer).map((row) => {
            const grants = row.grants.map((entry) => entry.grant);
            const count = grants.filter((grant) => props.chosen.has(grant)).length;
            return (
              <tr key={row.resource}>
                <th scope="row">
                  <Checkbox
                    label={t(`resource.${row.resource}`, { defaultValue: row.resource })}
                    checked={count === grants.length}
                    indeterminate={count > 0 && count < grants.length}
                    onChange={(event) => toggle(grants, event.currentTarget.checked)}
                  />
                </th>
                <td>
                  <div className={classes.actions}>
                    {row.grants.map(({ action, grant }) => (
                      <Checkbox
                        key={grant}
                        label={t(`action.${action}`, { defaultValue: action })}
                        checked={props.chosen.has(grant)}
                        onChange={(event) => toggle([grant], event.currentTarget.checked)}
                      />
                    ))}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
