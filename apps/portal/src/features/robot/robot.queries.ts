import {
  createRobot,
  deleteRobot,
  getPermissions,
  getRobot,
  refreshRobotSecret,
  type Robot,
  type RobotPermission,
  updateRobot,
} from '@moorage/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { objectQuery } from '../../shared/api/query.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export interface NewRobot {
  readonly name: string;
  readonly description: string;
  readonly level: 'system' | 'project';
  /** Days; -1 for never. */
  readonly duration: number;
  readonly permissions: RobotPermission[];
}

export function robotQuery(id: number) {
  return objectQuery(getRobot, { params: { robot_id: id } });
}

/** What robots may be given. */
export function useRobotPermissions() {
  return useQuery({ ...objectQuery(getPermissions, {}), staleTime: Number.POSITIVE_INFINITY });
}

export function useCreateRobot() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (robot: NewRobot) => (await call(createRobot, { body: robot })).data,
    onSuccess: () => refreshRooms(queries, 'robot', 'project', 'user'),
    // The answer holds the secret: it must not outlive the page.
    gcTime: 0,
  });
}

/** Changes a robot. The API takes the whole robot back. */
export function useUpdateRobot() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: {
      robot: Robot;
      change: { readonly disable?: boolean; readonly allowed_addresses?: string[] };
    }) => {
      const { robot, change } = input;
      return call(updateRobot, {
        params: { robot_id: robot.id },
        body: {
          id: robot.id,
          name: robot.name,
          level: robot.level,
          description: robot.description,
          duration: robot.duration,
          permissions: robot.permissions.map(({ kind, namespace, access }) => ({
            kind,
            namespace,
            access: access.map(({ resource, action }) => ({ resource, action })),
          })),
          disable: robot.disable,
          ...change,
        },
      });
    },
    onSuccess: () => refreshRooms(queries, 'robot'),
  });
}

export function useRotateSecret(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (overlapHours: number) =>
      (await call(refreshRobotSecret, { params: { robot_id: id }, body: { overlap_hours: overlapHours } })).data,
    onSuccess: () => refreshRooms(queries, 'robot'),
    gcTime: 0,
  });
}

export function useDeleteRobot() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call(deleteRobot, { params: { robot_id: id } }),
    onSuccess: (_answer, id) =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [tag, , params] }) =>
          tag === 'project' || (tag === 'robot' && (params as { robot_id?: number } | null)?.robot_id !== id),
      }),
  });
}
