import { getLogExts, getLogs, listAuditLogEventTypes, listAuditLogExts, listAuditLogs } from '@moorage/contracts';
import { Controller } from '@nestjs/common';
import { type Call, Input, Serve } from '../http/index.ts';
import { AuditService } from './audit.service.ts';
import { auditEventNames } from './audit-event-names.rules.ts';

/** The short forms answer the same rows; their response schema leaves the rest out. */
@Controller()
export class AuditController {
  readonly #audit: AuditService;

  constructor(audit: AuditService) {
    this.#audit = audit;
  }

  @Serve(listAuditLogs)
  listShort(@Input() { caller, list }: Call<typeof listAuditLogs>) {
    return this.#audit.list(caller.principal, null, list);
  }

  @Serve(listAuditLogExts)
  list(@Input() { caller, list }: Call<typeof listAuditLogExts>) {
    return this.#audit.list(caller.principal, null, list);
  }

  @Serve(listAuditLogEventTypes)
  eventTypes() {
    return auditEventNames().map((event_type) => ({ event_type }));
  }

  @Serve(getLogs)
  listShortOfProject(@Input() { caller, project, list }: Call<typeof getLogs>) {
    return this.#audit.list(caller.principal, project, list);
  }

  @Serve(getLogExts)
  listOfProject(@Input() { caller, project, list }: Call<typeof getLogExts>) {
    return this.#audit.list(caller.principal, project, list);
  }
}
