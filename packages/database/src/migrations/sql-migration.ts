import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A migration made of plain SQL. `down` exists for development only: production goes forward. */
export function sqlMigration(
  timestamp: number,
  verb: string,
  sql: { up: string; down: string },
): new () => MigrationInterface & { readonly name: string } {
  return class implements MigrationInterface {
    readonly name = `${verb}${timestamp}`;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(sql.up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(sql.down);
    }
  };
}
