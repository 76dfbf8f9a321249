import { actionPendingJobs, type Execution, rerunExecution, stopExecution } from '@moorage/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';

export function useStopRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (run: Execution) =>
      call(stopExecution, { params: { execution_id: run.id }, body: { status: 'Stopped' } }),
    onSuccess: () => refreshRooms(queries, 'jobservice'),
  });
}

/** Does an ended run again; the new run stands in the list. */
export function useRepeatRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (run: Execution) => call(rerunExecution, { params: { execution_id: run.id }, body: {} }),
    onSuccess: () => refreshRooms(queries, 'jobservice'),
  });
}

export function useQueueAction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { work: string; action: 'stop' | 'pause' | 'resume' }) =>
      call(actionPendingJobs, { params: { job_type: input.work }, body: { action: input.action } }),
    onSuccess: () => refreshRooms(queries, 'jobservice', 'schedule'),
  });
}
