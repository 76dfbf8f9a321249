export { AuthProxyModule } from './auth-proxy.module.ts';
