import type { RoomName } from './room-name.rules.ts';

/** The files of a new room, by path from the top folder, in reading order: a list of named things of a project. */
export function roomFiles(name: RoomName, migrationTime: number): Readonly<Record<string, string>> {
  const contracts = `packages/contracts/src/${name.kebab}/${name.kebab}`;
  const features = `packages/features/src/${name.kebab}`;
  return {
    [`${contracts}.schema.ts`]: schema(name),
    [`${contracts}.api.ts`]: api(name),
    [`packages/database/src/migrations/${migrationTime}-create-${name.kebab}.ts`]: migration(name, migrationTime),
    [`${features}/${name.kebab}.rules.ts`]: rules(name),
    [`${features}/${name.kebab}.store.ts`]: store(name),
    [`${features}/${name.kebab}.service.ts`]: service(name),
    [`${features}/${name.kebab}.controller.ts`]: controller(name),
    [`${features}/${name.kebab}.module.ts`]: module(name),
    [`${features}/index.ts`]: `export { ${name.pascal}Module } from './${name.kebab}.module.ts';\n`,
    [`${features}/README.md`]: readme(name),
    [`${features}/${name.kebab}.int.spec.ts`]: test(name),
    [`docs/features/${name.kebab}.md`]: page(name),
  };
}

const schema = (name: RoomName) => `import { z } from 'zod';
import { time } from '../wire/fields.ts';

export const ${name.camel} = z
  .object({ id: z.int(), name: z.string(), creation_time: time })
  .meta({ id: '${name.pascal}' });
`;

const api = (name: RoomName) => `import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { projectParams } from '../wire/fields.ts';
import { ${name.camel} } from './${name.kebab}.schema.ts';

export const list${name.plural.pascal} = endpoint({
  id: 'list${name.plural.pascal}',
  method: 'GET',
  path: '/projects/{project_name_or_id}/${name.plural.kebab}',
  tag: '${name.kebab}',
  summary: 'List the ${name.plural.kebab.replaceAll('-', ' ')} of a project',
  access: { kind: 'project', permission: 'project:read' },
  params: projectParams,
  response: z.array(${name.camel}),
  status: 200,
  list: {
    filters: { name: 'text' },
    sorts: ['id', 'name', 'creation_time'],
    defaultSort: 'name',
  },
  errors: [],
});
`;

const migration = (name: RoomName, time: number) => `import { sqlMigration } from './sql-migration.ts';

export const Create${name.pascal} = sqlMigration(${time}, 'Create${name.pascal}', {
  up: \`
    create table ${name.plural.snake} (
      id bigint generated always as identity primary key,
      project_id int not null references projects on delete cascade,
      name text collate "C" not null,
      created_at timestamptz not null default now(),
      unique (project_id, name)
    );
  \`,
  down: 'drop table ${name.plural.snake}',
});
`;

const rules = (name: RoomName) => `import type { AnswerOf, list${name.plural.pascal} } from '@moorage/contracts';

export interface ${name.pascal} {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
}

/** A ${name.words} as the API answers it. */
export function viewOf(row: ${name.pascal}): AnswerOf<typeof list${name.plural.pascal}>[number] {
  return { id: row.id, name: row.name, creation_time: row.createdAt };
}
`;

const store = (
  name: RoomName,
) => `import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import type { ${name.pascal} } from './${name.kebab}.rules.ts';

const COLUMNS: ListColumns = {
  id: { sql: sql\`t.id\`, kind: 'number' },
  name: { sql: sql\`t.name\`, kind: 'text' },
  creation_time: { sql: sql\`t.created_at\`, kind: 'time' },
};

interface Stored${name.pascal} {
  id: number;
  name: string;
  created_at: Date;
}

/** ${capital(name.plural.kebab)} in SQL. */
export class ${name.pascal}Store {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of the ${name.plural.kebab.replaceAll('-', ' ')} of a project. */
  async list(projectId: number, request: ListRequest): Promise<ListRows<${name.pascal}>> {
    const { rows, total } = await listRows<Stored${name.pascal}>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql\`t.id, t.name, t.created_at\`,
        from: sql\`${name.plural.snake} t\`,
        where: [sql\`t.project_id = \${projectId}\`],
        tiebreak: sql\`t.id\`,
      },
      request,
    );
    return { rows: rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at })), total };
  }
}
`;

const service = (name: RoomName) => `import type { AnswerOf, list${name.plural.pascal} } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { type ListRequest, Page, type ProjectRef } from '../http/index.ts';
import { viewOf } from './${name.kebab}.rules.ts';
import { ${name.pascal}Store } from './${name.kebab}.store.ts';

/** The ${name.plural.kebab.replaceAll('-', ' ')} of projects. */
@Injectable()
export class ${name.pascal}Service {
  readonly #store: ${name.pascal}Store;

  constructor(store: ${name.pascal}Store) {
    this.#store = store;
  }

  async list(
    project: ProjectRef,
    request: ListRequest,
  ): Promise<Page<AnswerOf<typeof list${name.plural.pascal}>[number]>> {
    const { rows, total } = await this.#store.list(project.id, request);
    return new Page(rows.map(viewOf), total);
  }
}
`;

const controller = (name: RoomName) => `import { list${name.plural.pascal} } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { ${name.pascal}Service } from './${name.kebab}.service.ts';

@Controller()
export class ${name.pascal}Controller {
  readonly #${name.camel}: ${name.pascal}Service;

  constructor(${name.camel}: ${name.pascal}Service) {
    this.#${name.camel} = ${name.camel};
  }

  @Serve(list${name.plural.pascal})
  list(@Input() { project, list }: Call<typeof list${name.plural.pascal}>) {
    return this.#${name.camel}.list(project, list);
  }
}
`;

const module = (name: RoomName) => `import { Database } from '@moorage/database';
import { Module } from '@nestjs/common';
import { ${name.pascal}Controller } from './${name.kebab}.controller.ts';
import { ${name.pascal}Service } from './${name.kebab}.service.ts';
import { ${name.pascal}Store } from './${name.kebab}.store.ts';

@Module({
  controllers: [${name.pascal}Controller],
  providers: [
    {
      provide: ${name.pascal}Store,
      inject: [Database],
      useFactory: (database: Database) => new ${name.pascal}Store(database),
    },
    ${name.pascal}Service,
  ],
  exports: [${name.pascal}Service],
})
export class ${name.pascal}Module {}
`;

const readme = (name: RoomName) => `# ${name.kebab}

The ${name.plural.kebab.replaceAll('-', ' ')} of projects.

Invariants: every row belongs to one project and goes with it; a name stands once in a project.

Where to change what: shapes and permission in \`packages/contracts/src/${name.kebab}\`, the answer in \`${name.kebab}.rules.ts\`, SQL in
\`${name.kebab}.store.ts\`.
`;

const test = (name: RoomName) => `import { list${name.plural.pascal}, type ListSpec } from '@moorage/contracts';
import { createTestDatabase, seedProject, seedUser, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ListRequest, parseListQuery, type ProjectRef } from '../http/index.ts';
import { ${name.pascal}Service } from './${name.kebab}.service.ts';
import { ${name.pascal}Store } from './${name.kebab}.store.ts';

let test: TestDatabase;
let service: ${name.pascal}Service;
const projects: ProjectRef[] = [];

const request = (query: object = {}): ListRequest =>
  parseListQuery(list${name.plural.pascal}.list as ListSpec, query);

beforeAll(async () => {
  test = await createTestDatabase();
  service = new ${name.pascal}Service(new ${name.pascal}Store(test.database));
  const ownerId = await seedUser(test.database, 'ada');
  for (const name of ['mine', 'other']) {
    const id = await seedProject(test.database, name, { ownerId });
    projects.push({ id, name, isPublic: false });
    await test.database.query('insert into ${name.plural.snake} (project_id, name) values ($1, $2), ($1, $3)', [id, \`\${name}-a\`, \`\${name}-b\`]);
  }
});
afterAll(() => test.close());

it('lists those of the project only, by name, a page at a time', async () => {
  const page = await service.list(projects[0] as ProjectRef, request({ page_size: '1' }));
  expect(page.items.map(({ name }) => name)).toEqual(['mine-a']);
  expect(page.total).toBe(2);
});

it('filters by part of the name', async () => {
  const page = await service.list(projects[0] as ProjectRef, request({ q: 'name=~b' }));
  expect(page.items.map(({ name }) => name)).toEqual(['mine-b']);
});
`;

const page = (name: RoomName) => `# ${capital(name.plural.kebab)}

What a project's ${name.plural.kebab.replaceAll('-', ' ')} are, who may see and change them, and what changes with them.

\`GET /api/v2.0/projects/{project_name_or_id}/${name.plural.kebab}\` lists them for everyone who may read the project.
`;

function capital(kebab: string): string {
  const words = kebab.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
