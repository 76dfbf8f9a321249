import { Module } from '@nestjs/common';
import { LoginModule } from '../login/index.ts';
import { RobotModule } from '../robot/index.ts';
import { UserModule } from '../user/index.ts';
import { AccessController } from './access.controller.ts';
import { AccessModule } from './access.module.ts';
import { ExplanationService } from './explanation.service.ts';

/** Answers about rights over HTTP. Apart from the decisions themselves, because it needs the identity rooms, which ask those. */
@Module({
  imports: [AccessModule, UserModule, RobotModule, LoginModule],
  controllers: [AccessController],
  providers: [ExplanationService],
})
export class ExplanationModule {}
