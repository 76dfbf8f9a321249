import type { Secret } from '@moorage/config';
import { AccessModule, ExplanationModule } from '@moorage/features/access';
import { ArtifactModule } from '@moorage/features/artifact';
import { ArtifactContentModule, BlobReader } from '@moorage/features/artifact-content';
import { ArtifactCopyModule } from '@moorage/features/artifact-copy';
import { ArtifactInsightModule } from '@moorage/features/artifact-insight';
import { ArtifactLabelModule } from '@moorage/features/artifact-label';
import { AuditModule } from '@moorage/features/audit';
import { AuthProxyModule } from '@moorage/features/auth-proxy';
import { ChecklistModule } from '@moorage/features/checklist';
import { type EgressEnvironment, EgressModule } from '@moorage/features/egress';
import { CliSecretModule } from '@moorage/features/cli-secret';
import { ConfigurationModule } from '@moorage/features/configuration';
import { EventModule } from '@moorage/features/event';
import { GarbageCollectionModule } from '@moorage/features/garbage-collection';
import { GroupModule } from '@moorage/features/group';
import { IconModule } from '@moorage/features/icon';
import { ImmutabilityModule } from '@moorage/features/immutability';
import { LabelModule } from '@moorage/features/label';
import { IdTokenModule } from '@moorage/features/id-token';
import { IdentitySourceModule } from '@moorage/features/identity-source';
import { FederationModule } from '@moorage/features/federation';
import { LdapModule } from '@moorage/features/ldap';
import { LoginModule } from '@moorage/features/login';
import { JobMonitorModule } from '@moorage/features/job-monitor';
import { MemberModule } from '@moorage/features/member';
import { PersonalTokenModule } from '@moorage/features/personal-token';
import { MetricsModule } from '@moorage/features/metrics';
import { OidcModule } from '@moorage/features/oidc';
import { PortalLoginModule } from '@moorage/features/portal-login';
import { ProjectModule } from '@moorage/features/project';
import { QuotaModule } from '@moorage/features/quota';
import { RepositoryModule } from '@moorage/features/repository';
import { RemovalModule } from '@moorage/features/removal';
import { RetentionModule } from '@moorage/features/retention';
import { RobotModule } from '@moorage/features/robot';
import { SearchModule } from '@moorage/features/search';
import { SecondFactorModule } from '@moorage/features/second-factor';
import { SecretModule } from '@moorage/features/secret';
import { SettingsModule } from '@moorage/features/settings';
import { SourceLoginModule } from '@moorage/features/source-login';
import { StatisticsModule } from '@moorage/features/statistics';
import { StorageCheckModule } from '@moorage/features/storage-check';
import { Installation, SystemInfoModule } from '@moorage/features/system-info';
import { TagHistoryModule } from '@moorage/features/tag-history';
import { TokenModule } from '@moorage/features/token';
import { TrashModule } from '@moorage/features/trash';
import { UserModule } from '@moorage/features/user';
import { type DynamicModule, Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AnswerInterceptor } from './http/answer.interceptor.ts';
import { BodyMiddleware } from './http/body.middleware.ts';
import { CallGuard } from './http/call.guard.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { AuthorityModule } from './authority.module.ts';
import { type Platform, PlatformModule } from '@moorage/features/platform';

/** The rooms this process serves over HTTP. */
const ROOMS = [
  AccessModule,
  ArtifactContentModule,
  ArtifactCopyModule,
  ArtifactInsightModule,
  ArtifactLabelModule,
  ArtifactModule,
  AuditModule,
  AuthProxyModule,
  ChecklistModule,
  CliSecretModule,
  ConfigurationModule,
  EventModule,
  ExplanationModule,
  GarbageCollectionModule,
  GroupModule,
  IconModule,
  ImmutabilityModule,
  RemovalModule,
  RetentionModule,
  TrashModule,
  LabelModule,
  IdTokenModule,
  IdentitySourceModule,
  FederationModule,
  LdapModule,
  LoginModule,
  JobMonitorModule,
  MemberModule,
  PersonalTokenModule,
  PortalLoginModule,
  MetricsModule,
  OidcModule,
  ProjectModule,
  QuotaModule,
  RepositoryModule,
  RobotModule,
  SearchModule,
  SecondFactorModule,
  SettingsModule,
  SourceLoginModule,
  StatisticsModule,
  StorageCheckModule,
  SystemInfoModule,
  TagHistoryModule,
  TokenModule,
  UserModule,
];

export interface CoreParts extends Platform {
  readonly secretKey: Secret<Buffer>;
  readonly blobs: BlobReader;
  readonly installation: Installation;
  readonly egress: EgressEnvironment;
}

/** What rooms need of this process itself: small blobs, and the facts of the installation. */
@Global()
@Module({})
class ProcessModule {
  static with({ blobs, installation }: CoreParts): DynamicModule {
    const providers = [
      { provide: BlobReader, useValue: blobs },
      { provide: Installation, useValue: installation },
    ];
    return { module: ProcessModule, providers, exports: providers };
  }
}

@Module({})
export class CoreModule implements NestModule {
  static with(parts: CoreParts): DynamicModule {
    return {
      module: CoreModule,
      imports: [
        PlatformModule.with(parts),
        ProcessModule.with(parts),
        AuthorityModule,
        SecretModule.with(parts.secretKey),
        EgressModule.with(parts.egress),
        ...ROOMS,
      ],
      providers: [
        { provide: APP_GUARD, useClass: CallGuard },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(BodyMiddleware).forRoutes('*path');
  }
}
