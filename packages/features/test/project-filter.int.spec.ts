import { PROJECT_ACTIONS, type ProjectPermission } from '@moorage/contracts';
import { sql } from '@moorage/database';
import {
  createTestDatabase,
  seedGroup,
  seedGroupMember,
  seedMember,
  seedProject,
  seedUser,
  type TestDatabase,
} from '@moorage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFilter } from '../src/access/index.ts';
import { ANONYMOUS, type Principal } from '../src/http/index.ts';
import { projectRef, robotPrincipal, testCatalog, userPrincipal } from './catalog-core.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

it('the condition of lists says of every project and permission what the decision says', async () => {
  const ownerId = await seedUser(test.database, 'owner');
  const projects = [];
  for (const name of ['hidden', 'open', 'other']) {
    const isPublic = name === 'open';
    projects.push(projectRef(await seedProject(test.database, name, { ownerId, isPublic }), name, isPublic));
  }
  const hiddenId = projects[0]?.id ?? 0;
  const principals: Principal[] = [
    ANONYMOUS,
    userPrincipal(ownerId, 'owner', true),
    userPrincipal(99_999, 'stranger'),
    robotPrincipal(),
    robotPrincipal(['project', hiddenId, 'repository:push', 'robot:list']),
    robotPrincipal(['project', null, 'project:read', 'log:list']),
    robotPrincipal(['system', null, 'project:list', 'project:read']),
  ];
  for (const robot of principals.filter((principal) => principal.kind === 'robot')) {
    principals.push({ kind: 'federated', id: 1, username: 'job$x', tokenSeconds: 900, grants: robot.grants });
  }
  for (const role of [1, 2, 3, 4, 5]) {
    const userId = await seedUser(test.database, `role-${role}`);
    await seedMember(test.database, hiddenId, userId, role);
    principals.push(userPrincipal(userId, `role-${role}`));
  }
  const groupId = await seedGroup(test.database, 'both');
  const inGroup = await seedUser(test.database, 'by-group');
  await seedGroupMember(test.database, groupId, inGroup);
  await seedMember(test.database, hiddenId, groupId, 3, 'g');
  await seedMember(test.database, projects[2]?.id ?? 0, groupId, 2, 'g');
  await seedMember(test.database, hiddenId, inGroup, 4);
  // Neither a user with the id of the group, nor a group nobody is in.
  await seedMember(test.database, projects[2]?.id ?? 0, await seedGroup(test.database, 'empty'), 1, 'g');
  principals.push(userPrincipal(inGroup, 'by-group'), userPrincipal(groupId, 'same-id'));
  const permissions = Object.entries(PROJECT_ACTIONS).flatMap(([resource, actions]) =>
    actions.map((action) => `${resource}:${action}` as ProjectPermission),
  );
  const { access } = testCatalog(test.database);
  for (const principal of principals) {
    for (const permission of permissions) {
      const rows = await test.database.run<{ id: number }>(
        sql`select p.id from projects p where ${projectFilter(principal, permission)} order by p.id`,
      );
      const decided: number[] = [];
      for (const project of projects) {
        if ((await access.decideInProject(principal, project, permission)).allowed) decided.push(project.id);
      }
      expect([principal, permission, rows.map((row) => row.id)]).toEqual([principal, permission, decided]);
    }
  }
});
