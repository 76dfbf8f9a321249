import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.ts';
import { LabelController } from './label.controller.ts';
import { LabelService } from './label.service.ts';
import { LabelStore } from './label.store.ts';

/** Needs `Authority`, which the process binds to the access room. */
@Module({
  imports: [AccessModule],
  controllers: [LabelController],
  providers: [
    { provide: LabelStore, inject: [Database], useFactory: (database: Database) => new LabelStore(database) },
    LabelService,
  ],
  exports: [LabelService, LabelStore],
})
export class LabelModule {}
