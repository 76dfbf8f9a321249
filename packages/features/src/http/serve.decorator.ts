import type { Endpoint } from '@moorage/contracts';
import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import type { GuardedCall } from './call.ts';

/** Reflection key under which a handler carries its descriptor. */
export const ENDPOINT = 'moorage:endpoint';
/** Where the guard keeps the call it is building. */
export const CALL = Symbol('moorage:call');

/** Binds a controller method to its descriptor: route, method, guard, validation, status and response shape all follow from it. */
export function Serve(endpoint: Endpoint): MethodDecorator {
  const path = (endpoint.base ?? '/api/v2.0') + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  return applyDecorators(
    RequestMapping({ path, method: RequestMethod[endpoint.method] }),
    SetMetadata(ENDPOINT, endpoint),
  );
}

/** The validated call, as the handler's only parameter: `list(@Input() call: Call<typeof listProjects>)`. */
export const Input = createParamDecorator((_data: undefined, context: ExecutionContext): GuardedCall => {
  return context.switchToHttp().getRequest<{ [CALL]: GuardedCall }>()[CALL];
});
