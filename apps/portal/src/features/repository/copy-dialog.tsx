import { checkRepositoryName } from '@moorage/contracts';
import { TextInput, toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { ProjectPicker } from '../../shared/project/project-picker.tsx';
import { type RepositoryPlace, useCopyArtifact } from './repository.queries.ts';

/** Copies an artifact with its parts, accessories and tags into another repository. */
export function CopyDialog(props: {
  place: RepositoryPlace;
  /** `:tag` or `@digest`. */
  suffix: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const { place } = props;
  const problem = useProblem();
  const copy = useCopyArtifact();
  const [project, setProject] = useState(place.project);
  const [repository, setRepository] = useState(place.repository);
  const [checked, setChecked] = useState(false);
  const same = project === place.project && repository === place.repository;
  const nameProblem = same ? t('copy.same') : checkRepositoryName(repository) === null ? undefined : t('copy.rule');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (project === '' || nameProblem !== undefined) return;
    copy.mutate(
      { from: `${place.project}/${place.repository}${props.suffix}`, to: { project, repository } },
      {
        onSuccess: () => {
          toast({ tone: 'success', message: t('copy.done', { name: `${project}/${repository}` }) });
          props.onDone();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('copy.title', { name: `${place.repository}${props.suffix.slice(0, 20)}` })}
      submitLabel={t('copy.confirm')}
      busy={copy.isPending}
      failure={copy.error ? problem.text(copy.error) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <ProjectPicker
        label={t('copy.project')}
        value={project}
        onChange={setProject}
        error={checked && project === '' ? t('copy.projectNeeded') : undefined}
      />
      <TextInput
        label={t('copy.repository')}
        description={t('copy.text')}
        value={repository}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setRepository(event.currentTarget.value)}
        error={checked ? nameProblem : undefined}
      />
    </FormDialog>
  );
}
