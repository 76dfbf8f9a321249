import type { Secret } from '@moorage/config';
import { AccessModule, ExplanationModule } from '@moorage/features/access';
import { ArtifactModule, BlobReader } from '@moorage/features/artifact';
import { AuditModule } from '@moorage/features/audit';
import { ChecklistModule } from '@moorage/features/checklist';
import { EventModule } from '@moorage/features/event';
import { LoginModule } from '@moorage/features/login';
import { MemberModule } from '@moorage/features/member';
import { ProjectModule } from '@moorage/features/project';
import { QuotaModule } from '@moorage/features/quota';
import { RepositoryModule } from '@moorage/features/repository';
import { RobotModule } from '@moorage/features/robot';
import { SearchModule } from '@moorage/features/search';
import { SecretModule } from '@moorage/features/secret';
import { SettingsModule } from '@moorage/features/settings';
import { StatisticsModule } from '@moorage/features/statistics';
import { TokenModule } from '@moorage/features/token';
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
  ArtifactModule,
  AuditModule,
  ChecklistModule,
  EventModule,
  ExplanationModule,
  LoginModule,
  MemberModule,
  ProjectModule,
  QuotaModule,
  RepositoryModule,
  RobotModule,
  SearchModule,
  SettingsModule,
  StatisticsModule,
  TokenModule,
  UserModule,
];

export interface CoreParts extends Platform {
  readonly secretKey: Secret<Buffer>;
  readonly blobs: BlobReader;
}

/** Lets every room read small blobs. */
@Global()
@Module({})
class BlobReaderModule {
  static with(blobs: BlobReader): DynamicModule {
    return { module: BlobReaderModule, providers: [{ provide: BlobReader, useValue: blobs }], exports: [BlobReader] };
  }
}

@Module({})
export class CoreModule implements NestModule {
  static with(parts: CoreParts): DynamicModule {
    return {
      module: CoreModule,
      imports: [
        PlatformModule.with(parts),
        BlobReaderModule.with(parts.blobs),
        AuthorityModule,
        SecretModule.with(parts.secretKey),
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
