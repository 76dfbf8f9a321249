import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ButtonLink, Link } from '../../shared/links.tsx';
import type { RuleScope } from './federation.queries.ts';

/** Where the rules of a scope are shown. */
export function useRulePlaces(scope: RuleScope) {
  const navigate = useNavigate();
  return {
    toList: () =>
      void navigate(
        scope === null ? { to: '/federation' } : { to: '/projects/$project/federation', params: { project: scope } },
      ),
    toNew: () =>
      void navigate(
        scope === null
          ? { to: '/federation/new' }
          : { to: '/projects/$project/federation/new', params: { project: scope } },
      ),
    toRule: (id: number) =>
      void navigate(
        scope === null
          ? { to: '/federation/$ruleId', params: { ruleId: String(id) } }
          : { to: '/projects/$project/federation/$ruleId', params: { project: scope, ruleId: String(id) } },
      ),
  };
}

export function RuleLink(props: { scope: RuleScope; id: number; children: ReactNode }) {
  const ruleId = String(props.id);
  return props.scope === null ? (
    <Link to="/federation/$ruleId" params={{ ruleId }}>
      {props.children}
    </Link>
  ) : (
    <Link to="/projects/$project/federation/$ruleId" params={{ project: props.scope, ruleId }}>
      {props.children}
    </Link>
  );
}

export function EditRuleLink(props: { scope: RuleScope; id: number; children: ReactNode }) {
  const ruleId = String(props.id);
  return props.scope === null ? (
    <ButtonLink to="/federation/$ruleId/edit" params={{ ruleId }} small>
      {props.children}
    </ButtonLink>
  ) : (
    <ButtonLink to="/projects/$project/federation/$ruleId/edit" params={{ project: props.scope, ruleId }} small>
      {props.children}
    </ButtonLink>
  );
}
