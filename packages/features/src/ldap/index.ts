export { LdapModule } from './ldap.module.ts';
export { LdapService } from './ldap.service.ts';
