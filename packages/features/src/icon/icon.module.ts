import { Module } from '@nestjs/common';
import { IconController } from './icon.controller.ts';

@Module({ controllers: [IconController] })
export class IconModule {}
