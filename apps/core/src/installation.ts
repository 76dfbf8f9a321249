import type { Config } from '@moorage/config';
import { KeyCheckStore, KeyRing } from '@moorage/features/secret';
import { UserService } from '@moorage/features/user';
import type { INestApplicationContext } from '@nestjs/common';

/**
 * What must hold before the first request: the instance key is the one this database was set up with, and there is an
 * administrator. Returns the first administrator with a random password when this start made one.
 */
export async function prepareInstallation(
  app: INestApplicationContext,
  config: Config,
): Promise<{ username: string; password: string } | null> {
  await app.get(KeyCheckStore, { strict: false }).checkKey(app.get(KeyRing, { strict: false }));
  const created = await app.get(UserService, { strict: false }).ensureFirstAdmin(config.adminPassword);
  return created?.password === undefined ? null : { username: created.username, password: created.password };
}
