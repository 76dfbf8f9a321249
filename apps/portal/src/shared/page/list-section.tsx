import { Text } from '@moorage/ui';
import type { ReactNode } from 'react';

/** A list below something else on a page, with its title and what it is about. */
export function ListSection(props: { title: string; text?: string; children: ReactNode }) {
  return (
    <section aria-label={props.title}>
      <Text component="h2" fw={620} mt="lg" mb={props.text === undefined ? 'sm' : 4}>
        {props.title}
      </Text>
      {props.text === undefined ? null : (
        <Text size="sm" c="dimmed" mb="sm">
          {props.text}
        </Text>
      )}
      {props.children}
    </section>
  );
}
