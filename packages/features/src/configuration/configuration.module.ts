import { Module } from '@nestjs/common';
import { IdentitySourceModule } from '../identity-source/index.ts';
import { SettingsModule } from '../settings/index.ts';
import { UserModule } from '../user/index.ts';
import { ConfigurationController } from './configuration.controller.ts';
import { ConfigurationService } from './configuration.service.ts';

@Module({
  imports: [SettingsModule, IdentitySourceModule, UserModule],
  controllers: [ConfigurationController],
  providers: [ConfigurationService],
})
export class ConfigurationModule {}
