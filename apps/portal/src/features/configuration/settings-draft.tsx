import type { SettingKey, Settings } from '@moorage/contracts';
import { createContext, type ReactNode, useContext } from 'react';

/** The settings as they are being edited. */
export interface SettingsDraft {
  readonly values: Settings;
  /** Set by the environment; not to be changed here. */
  readonly pinned: ReadonlySet<SettingKey>;
  readonly set: <Key extends SettingKey>(key: Key, value: Settings[Key]) => void;
}

const DraftContext = createContext<SettingsDraft | null>(null);

export function SettingsDraftProvider(props: { draft: SettingsDraft; children: ReactNode }) {
  return <DraftContext value={props.draft}>{props.children}</DraftContext>;
}

export function useSettingsDraft(): SettingsDraft {
  const draft = useContext(DraftContext);
  if (draft === null) throw new Error('A field of the settings stands outside their form.');
  return draft;
}
