export * from './wire/client.ts';
export * from './wire/endpoint.ts';
export * from './wire/errors.ts';
export * from './wire/permissions.ts';
