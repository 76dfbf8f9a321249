import type { RoomName } from './room-name.rules.ts';

/** The lists that name every room; a room generated twice is refused before it comes to that. */
export interface RegistrationTexts {
  readonly endpoints: string;
  readonly contractsIndex: string;
  readonly migrations: string;
}

/** The same lists with the new room in them. Throws when a list no longer looks as expected. */
export function register(texts: RegistrationTexts, name: RoomName, migrationTime: number): RegistrationTexts {
  const migrationFile = `./${migrationTime}-create-${name.kebab}.ts`;
  return {
    endpoints: insertBefore(
      insertBefore(
        texts.endpoints,
        /^import type \{ Endpoint \}/m,
        `import * as ${name.camel} from './${name.kebab}/${name.kebab}.api.ts';\n`,
      ),
      /^\];/m,
      `  ${name.camel},\n`,
    ),
    contractsIndex: insertBefore(
      texts.contractsIndex,
      /^export \* from '\.\/wire\//m,
      `export * from './${name.kebab}/${name.kebab}.api.ts';\nexport * from './${name.kebab}/${name.kebab}.schema.ts';\n`,
    ),
    migrations: insertBefore(
      insertBefore(texts.migrations, /^\n/m, `import { Create${name.pascal} } from '${migrationFile}';\n`),
      /,?\s*\] as const/,
      `, Create${name.pascal}`,
    ),
  };
}

function insertBefore(text: string, place: RegExp, addition: string): string {
  const at = text.search(place);
  if (at < 0) throw new Error(`nothing matches ${place}; the list has a new shape, adapt the generator`);
  return text.slice(0, at) + addition + text.slice(at);
}
