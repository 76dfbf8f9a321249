import { z } from 'zod';

/** JSON of a document: what JSON.stringify takes and gives back unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Collects the schemas that carry an id (`.meta({ id })`) as components while the others are written in place. */
export class SchemaCollector {
  readonly #components = new Map<string, JsonObject>();

  /** The JSON schema of a zod schema as it is sent (`input`) or answered (`output`). Throws when one id means two shapes. */
  convert(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    // A root with an id would be written in place; below another schema it becomes a reference.
    const wrapped = z.toJSONSchema(z.object({ it: schema }), {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => tidy(jsonSchema as Record<string, unknown>, io),
    }) as unknown as { properties: { it: JsonObject }; $defs?: Record<string, JsonObject> };
    for (const [id, definition] of Object.entries(wrapped.$defs ?? {})) this.#add(id, definition);
    return relinked(wrapped.properties.it);
  }

  /** Every component by id, in alphabetical order. */
  components(): JsonObject {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #add(id: string, definition: JsonObject): void {
    const { id: _id, ...rest } = relinked(definition);
    const known = this.#components.get(id);
    if (known && JSON.stringify(known) !== JSON.stringify(rest))
      throw new Error(`schema id ${id} stands for two different shapes; give one of them another id`);
    this.#components.set(id, rest);
  }
}

/** Takes out what says nothing to a reader: the bounds of every integer, and closedness of answers, which may grow. */
function tidy(schema: Record<string, unknown>, io: 'input' | 'output'): void {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (io === 'output' && schema['additionalProperties'] === false) delete schema['additionalProperties'];
}

function relinked(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll(`"${DEFINITIONS}`, `"${COMPONENTS}`)) as JsonObject;
}
