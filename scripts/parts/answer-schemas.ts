import { join } from 'node:path'
import { createGenerator } from 'ts-json-schema-generator'
import { root } from './command.ts'

type Json = null | boolean | number | string | Json[] | JsonObject
interface JsonObject {
  [name: string]: Json
}

const pointer = '#/definitions/'

/** JSON schemas of the answers that `tests/sandbox/schemas/answers.ts` describes, as the text of a file, a line each. */
export function answerSchemas(): string {
  const generator = createGenerator({
    path: join(root, 'tests', 'sandbox', 'schemas', 'answers.ts'),
    tsconfig: join(root, 'tsconfig.json'),
    skipTypeCheck: true,
    expose: 'export',
    jsDoc: 'none',
    additionalProperties: false,
  })
  // What the generator hands over knows values that no JSON text can hold.
  const { definitions } = JSON.parse(JSON.stringify(generator.createSchema('*'))) as {
    definitions: JsonObject
  }
  const lines = Object.entries(definitions)
    .filter(([name]) => !isWrapping(name))
    .map(([name, schema]) => [shortName(name), settle(schema, definitions, isGoogles(name))] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`)
  return `{"definitions":{\n${lines.join(',\n')}\n}}\n`
}

/** A definition that only says that another one may be null. */
function isWrapping(name: string): boolean {
  return name.startsWith('NullableOption<')
}

function isGoogles(name: string): boolean {
  return name.startsWith('Google') || name.startsWith('calendar_v3.')
}

function shortName(name: string): string {
  return name.replace('calendar_v3.Schema$', 'Google.')
}

/** Puts wrapping definitions in their places. Google's published types allow null everywhere, and its answers hold none. */
function settle(schema: Json, definitions: JsonObject, withoutNull: boolean): Json {
  if (Array.isArray(schema)) return schema.map((one) => settle(one, definitions, withoutNull))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref: reference, type } = schema
  if (typeof reference === 'string') {
    const name = decodeURIComponent(reference.slice(pointer.length))
    if (isWrapping(name)) return settle(definitions[name] ?? {}, definitions, withoutNull)
    return { $ref: `${pointer}${encodeURIComponent(shortName(name))}` }
  }
  const settled = Object.fromEntries(
    Object.entries(schema).map(([name, one]) => [name, settle(one, definitions, withoutNull)]),
  )
  if (!withoutNull) return settled
  if (Array.isArray(type)) return { ...settled, type: alone(type.filter((one) => one !== 'null')) }
  if (!Array.isArray(settled['anyOf'])) return settled
  const choices = settled['anyOf'].filter((one) => JSON.stringify(one) !== '{"type":"null"}')
  return choices.length === 1 ? alone(choices) : { ...settled, anyOf: choices }
}

function alone(list: Json[]): Json {
  return list.length === 1 ? (list[0] ?? list) : list
}
