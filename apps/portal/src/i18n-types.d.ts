import 'i18next';
import type shell from './app/locales/en.json';
import type access from './features/access/locales/en.json';
import type artifact from './features/artifact/locales/en.json';
import type audit from './features/audit/locales/en.json';
import type configuration from './features/configuration/locales/en.json';
import type egress from './features/egress/locales/en.json';
import type federation from './features/federation/locales/en.json';
import type group from './features/group/locales/en.json';
import type home from './features/home/locales/en.json';
import type identitySource from './features/identity-source/locales/en.json';
import type immutability from './features/immutability/locales/en.json';
import type jobMonitor from './features/job-monitor/locales/en.json';
import type label from './features/label/locales/en.json';
import type member from './features/member/locales/en.json';
import type personalToken from './features/personal-token/locales/en.json';
import type profile from './features/profile/locales/en.json';
import type project from './features/project/locales/en.json';
import type quota from './features/quota/locales/en.json';
import type repository from './features/repository/locales/en.json';
import type retention from './features/retention/locales/en.json';
import type robot from './features/robot/locales/en.json';
import type secondFactor from './features/second-factor/locales/en.json';
import type session from './features/session/locales/en.json';
import type user from './features/user/locales/en.json';
import type job from './shared/job/locales/en.json';
import type marks from './shared/marks/locales/en.json';
import type permission from './shared/permission/locales/en.json';
import type policy from './shared/policy/locales/en.json';
import type shared from './shared/locales/en.json';
import type ui from './shared/ui-text/locales/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shared';
    resources: {
      shell: typeof shell;
      shared: typeof shared;
      ui: typeof ui;
      access: typeof access;
      artifact: typeof artifact;
      audit: typeof audit;
      configuration: typeof configuration;
      egress: typeof egress;
      federation: typeof federation;
      group: typeof group;
      home: typeof home;
      'identity-source': typeof identitySource;
      immutability: typeof immutability;
      job: typeof job;
      'job-monitor': typeof jobMonitor;
      label: typeof label;
      marks: typeof marks;
      member: typeof member;
      permission: typeof permission;
      'personal-token': typeof personalToken;
      policy: typeof policy;
      profile: typeof profile;
      project: typeof project;
      quota: typeof quota;
      repository: typeof repository;
      retention: typeof retention;
      robot: typeof robot;
      'second-factor': typeof secondFactor;
      session: typeof session;
      user: typeof user;
    };
  }
}
