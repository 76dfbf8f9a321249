import { AccessAuthority, AccessModule } from '@moorage/features/access';
import { Authority } from '@moorage/features/authority';
import { Global, Module } from '@nestjs/common';

/** Binds what the identity rooms ask about rights to the access room, which stands above them. */
@Global()
@Module({
  imports: [AccessModule],
  providers: [{ provide: Authority, useExisting: AccessAuthority }],
  exports: [Authority],
})
export class AuthorityModule {}
