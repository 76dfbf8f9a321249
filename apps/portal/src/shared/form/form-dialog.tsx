import { Button, Fields, FormActions, Modal, useUi } from '@moorage/ui';
import type { FormEvent, ReactNode } from 'react';
import { Failure } from './failure.tsx';

/** A dialog around a form: fields, the reason of a failure, a button that says what it does, and a way out. */
export function FormDialog(props: {
  title: string;
  submitLabel: string;
  busy: boolean;
  failure: string | null;
  onClose: () => void;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
}) {
  const { text } = useUi();
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': text.actions.close }}>
      <form onSubmit={props.onSubmit} noValidate>
        <Fields>
          {props.children}
          <Failure text={props.failure} />
          <FormActions>
            <Button type="submit" loading={props.busy}>
              {props.submitLabel}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {text.actions.cancel}
            </Button>
          </FormActions>
        </Fields>
      </form>
    </Modal>
  );
}
