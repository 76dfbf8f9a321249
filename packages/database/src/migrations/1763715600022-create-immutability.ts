import { sqlMigration } from './sql-migration.ts';

/*
 * Immutability is kept by triggers, where the rows are: no path can forget it, and nothing is checked at one moment and
 * done at another (S80, S81). MR001 is the SQLSTATE of a refusal; its message is for the user.
 */
export const CreateImmutability = sqlMigration(1763715600022, 'CreateImmutability', {
  up: `
    create table immutable_tag_rules (
      id int generated always as identity primary key,
      project_id int not null references projects on delete cascade,
      priority int not null default 0,
      is_disabled boolean not null default false,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index immutable_tag_rules_project on immutable_tag_rules (project_id, id);
    -- A rule covers what meets all its selectors. The expression is the glob as our own code wrote it, never a user's.
    create table immutable_tag_selectors (
      rule_id int not null references immutable_tag_rules on delete cascade,
      position smallint not null,
      scope text not null check (scope in ('repository', 'tag')),
      includes boolean not null,
      pattern text not null,
      expression text not null,
      primary key (rule_id, position)
    );
    create table artifact_holds (
      id bigint generated always as identity primary key,
      project_id int not null,
      manifest_id bigint not null references manifests on delete cascade,
      kind text not null check (kind in ('lock', 'legal-hold')),
      -- Null: until somebody releases it. A lock always has an end.
      held_until timestamptz check (held_until is not null or kind = 'legal-hold'),
      reason text not null,
      created_by text not null,
      created_at timestamptz not null default now()
    );
    create index artifact_holds_manifest on artifact_holds (manifest_id);
    create index artifact_holds_project on artifact_holds (project_id, id);

    -- The rule that makes a tag immutable, or null.
    create function immutable_rule_of(of_project int, of_repository bigint, tag text) returns int stable language sql as $$
      select r.id from immutable_tag_rules r
      where r.project_id = of_project and not r.is_disabled and not exists (
        select from immutable_tag_selectors s where s.rule_id = r.id and s.includes <> (
          case s.scope when 'tag' then tag
            else (select substr(name, strpos(name, '/') + 1) from repositories where id = of_repository) end
          ~ s.expression))
      order by r.id limit 1
    $$;
    -- What keeps an artifact in place, or null.
    create function hold_of(manifest bigint) returns text stable language sql as $$
      select case kind when 'lock' then 'locked until ' || to_char(held_until at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
          else 'under legal hold' end
      from artifact_holds where manifest_id = manifest and (held_until is null or held_until > now())
      order by held_until desc nulls first limit 1
    $$;

    create function keep_tag() returns trigger language plpgsql as $$
    declare
      rule int;
      hold text;
    begin
      if tg_op = 'UPDATE' and new.digest = old.digest and new.name = old.name and new.repository_id = old.repository_id then
        return new;
      end if;
      hold := hold_of(old.manifest_id);
      if hold is not null then
        raise exception using errcode = 'MR001',
          message = format('the tag %s must stay where it is: its artifact is %s', old.name, hold);
      end if;
      rule := immutable_rule_of(old.project_id, old.repository_id, old.name);
      if rule is not null then
        raise exception using errcode = 'MR001', message = format(
          'the tag %s is immutable (rule %s of the project): push another tag, or have a maintainer change the rule first',
          old.name, rule);
      end if;
      return coalesce(new, old);
    end $$;
    create trigger tags_keep before delete or update of digest, manifest_id, name, repository_id on tags
      for each row execute function keep_tag();

    create function keep_artifact() returns trigger language plpgsql as $$
    declare
      hold text := hold_of(old.id);
    begin
      if hold is not null then
        raise exception using errcode = 'MR001',
          message = format('the artifact %s is %s and cannot be deleted', digest_text(old.digest), hold);
      end if;
      return old;
    end $$;
    create trigger manifests_keep before delete on manifests for each row execute function keep_artifact();
  `,
  down: `
    drop trigger manifests_keep on manifests; drop trigger tags_keep on tags;
    drop function keep_artifact(); drop function keep_tag(); drop function hold_of(bigint);
    drop function immutable_rule_of(int, bigint, text);
    drop table artifact_holds, immutable_tag_selectors, immutable_tag_rules;
  `,
});
