import { type CommandVariant, CopyCommand } from '@moorage/ui';
import { useRegistryHost } from '../session/session.queries.ts';
import type { RegistryPlace } from './image-commands.rules.ts';
import { useClientChoice } from './use-client-choice.ts';

/** Host and transport that commands are written for. */
export function useRegistryPlace(): RegistryPlace {
  return { host: useRegistryHost(), insecure: location.protocol === 'http:' };
}

/** A command with one tab per client; the choice holds for the whole portal. */
export function ClientCommand(props: { label: string; variants: readonly CommandVariant[]; maxHeight?: number }) {
  const [client, choose] = useClientChoice();
  return <CopyCommand {...props} selected={client} onSelect={choose} />;
}
