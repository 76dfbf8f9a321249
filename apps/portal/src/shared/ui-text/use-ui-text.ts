import type { UiText } from '@moorage/ui';
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** The design system's words in the chosen language. */
export function useUiText(): { text: UiText; locale: string } {
  const { t, i18n } = useTranslation('ui');
  const locale = i18n.language;
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `t` changes with the language
  const text = useMemo(() => uiText(t), [t, locale]);
  return { text, locale };
}

function uiText(t: TFunction<'ui'>): UiText {
  return {
    actions: {
      cancel: t('actions.cancel'),
      close: t('actions.close'),
      copy: t('actions.copy'),
      copied: t('actions.copied'),
      copyFailed: t('actions.copyFailed'),
      retry: t('actions.retry'),
      download: t('actions.download'),
      more: t('actions.more'),
      dismiss: t('actions.dismiss'),
    },
    bytes: [t('bytes.B'), t('bytes.KiB'), t('bytes.MiB'), t('bytes.GiB'), t('bytes.TiB'), t('bytes.PiB')],
    unlimited: t('unlimited'),
    never: t('never'),
    frame: {
      skip: t('frame.skip'),
      navigation: t('frame.navigation'),
      openNavigation: t('frame.openNavigation'),
    },
    ...tableText(t),
    ...dialogText(t),
    ...stateText(t),
  };
}

function tableText(t: TFunction<'ui'>): Pick<UiText, 'table' | 'facets'> {
  return {
    table: {
      columns: t('table.columns'),
      selectAll: t('table.selectAll'),
      selectRow: (name) => t('table.selectRow', { name }),
      selected: (count) => t('table.selected', { count }),
      clearSelection: t('table.clearSelection'),
      beyond: t('table.beyond'),
      toLastPage: t('table.toLastPage'),
      selectMatching: (count) => t('table.selectMatching', { count }),
      allMatching: (count) => t('table.allMatching', { count }),
      sortBy: (column) => t('table.sortBy', { column }),
      rowActions: (name) => t('table.rowActions', { name }),
      results: (count) => t('table.results', { count }),
      loading: t('table.loading'),
      pageSize: t('table.pageSize'),
      pages: t('table.pages'),
      range: (from, to, total) => t('table.range', { from, to, total }),
      previous: t('table.previous'),
      next: t('table.next'),
      newRows: (count) => t('table.newRows', { count }),
    },
    facets: {
      clearSearch: t('facets.clearSearch'),
      clearAll: t('facets.clearAll'),
      remove: (label) => t('facets.remove', { label }),
      any: t('facets.any'),
    },
  };
}

function dialogText(
  t: TFunction<'ui'>,
): Pick<UiText, 'commands' | 'secret' | 'destroy' | 'form' | 'palette' | 'keyboard'> {
  return {
    commands: { clients: t('commands.clients'), copyCommand: t('commands.copyCommand') },
    secret: { once: t('secret.once'), saved: t('secret.saved') },
    destroy: {
      typeName: (name) => t('destroy.typeName', { name }),
      nameMismatch: t('destroy.nameMismatch'),
      happens: t('destroy.happens'),
    },
    form: { problems: (count) => t('form.problems', { count }) },
    palette: {
      title: t('palette.title'),
      placeholder: t('palette.placeholder'),
      nothing: t('palette.nothing'),
      results: (count) => t('palette.results', { count }),
      hint: t('palette.hint'),
    },
    keyboard: { title: t('keyboard.title') },
  };
}

function stateText(t: TFunction<'ui'>): Pick<UiText, 'states' | 'live'> {
  return {
    states: {
      errorTitle: t('states.errorTitle'),
      requestId: t('states.requestId'),
      copyDiagnostics: t('states.copyDiagnostics'),
      deniedTitle: t('states.deniedTitle'),
    },
    live: {
      live: t('live.live'),
      reconnecting: t('live.reconnecting'),
      polling: t('live.polling'),
      paused: t('live.paused'),
      liveHint: t('live.liveHint'),
      reconnectingHint: t('live.reconnectingHint'),
      pollingHint: t('live.pollingHint'),
      pausedHint: t('live.pausedHint'),
    },
  };
}
