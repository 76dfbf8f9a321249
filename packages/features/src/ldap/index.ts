export { LdapModule } from './ldap.module.ts';
