import type { FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'

const depthMax = 20

/** The first text that no calendar, log or database can hold: control characters other than tab and line ends, broken UTF-16. */
export function unreadableText(value: unknown, path = ''): FastifySchemaValidationError | undefined {
  if (typeof value === 'string') {
    const isReadable = !controlCharacter.test(value) && value.isWellFormed()
    return isReadable ? undefined : refusal(path, 'must not contain control characters or broken Unicode')
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (path.split('/').length > depthMax) return refusal(path, `must not be nested deeper than ${depthMax}`)
  for (const [name, inner] of Object.entries(value)) {
    const found = unreadableText(name, path) ?? unreadableText(inner, `${path}/${name}`)
    if (found) return found
  }
  return undefined
}

const refusal = (instancePath: string, message: string): FastifySchemaValidationError => ({
  keyword: 'text',
  instancePath,
  schemaPath: '',
  params: {},
  message,
})

// oxlint-disable-next-line no-control-regex -- naming them is the point
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/

/** Reads whole numbers and booleans from the text of a query; what reads as neither stays text, and is refused as such. */
export function readQuery(schema: TSchema, value: unknown): unknown {
  const properties: unknown = Reflect.get(schema, 'properties')
  if (!isRecord(properties) || !isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      const property = properties[name]
      return [name, isRecord(property) ? readAs(property['type'], text) : text]
    }),
  )
}

function readAs(type: unknown, text: unknown): unknown {
  if (typeof text !== 'string') return text
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
