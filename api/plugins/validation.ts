import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { Problem } from '../problem.ts'

/** Bodies are taken as they are; a path or query holds text only, so numbers and booleans are read from it. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  return (value: unknown) => {
    const given = httpPart === 'body' ? value : Value.Convert(schema, value)
    const unreadable = unreadableText(given, '')
    if (unreadable.length > 0) return { error: unreadable }
    if (compiled.Check(given)) return { value: given }
    return { error: compiled.Errors(given) }
  }
}

/** Text that no calendar, log or database can hold: control characters other than tab and line ends, and broken UTF-16. */
function unreadableText(value: unknown, path: string): FastifySchemaValidationError[] {
  if (typeof value === 'string') {
    if (!controlCharacter.test(value) && value.isWellFormed()) return []
    return [
      {
        keyword: 'text',
        instancePath: path,
        schemaPath: '',
        params: {},
        message: 'must not contain control characters or broken Unicode',
      },
    ]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => unreadableText(inner, `${path}/${name}`))
}

// oxlint-disable-next-line no-control-regex -- naming them is the point
const controlCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/

/** Names every field and the rule it breaks. */
export function validationProblem(found: FastifySchemaValidationError[], part: string): Problem {
  const errors = found.filter((error) => !isDerived(error)).flatMap((error) => fieldErrors(error, part))
  const unique = [...new Map(errors.map((error) => [`${error.field} ${error.rule}`, error])).values()]
  const detail = unique.map((error) => `${error.field} ${error.rule}`).join('; ')
  return new Problem(400, 'invalid-request', 'The request is not valid', `${detail}.`, {
    facts: { errors: unique },
  })
}

/** What follows from another error and says nothing of its own. */
const isDerived = (error: FastifySchemaValidationError): boolean =>
  error.keyword === 'boolean' || (error.keyword === 'type' && error.params['type'] === 'null')

function fieldErrors(error: FastifySchemaValidationError, part: string): { field: string; rule: string }[] {
  const field = error.instancePath.slice(1).replaceAll('/', '.')
  const inside = (name: unknown) => (field === '' ? String(name) : `${field}.${String(name)}`)
  const named = field === '' ? `the ${part}` : field
  const { params } = error
  switch (error.keyword) {
    case 'required':
      return listOf(params['requiredProperties']).map((name) => ({
        field: inside(name),
        rule: 'must be given',
      }))
    case 'additionalProperties':
      return listOf(params['additionalProperties']).map((name) => ({
        field: inside(name),
        rule: 'is not known here',
      }))
    case 'enum':
      return [{ field: named, rule: `must be one of ${listOf(params['allowedValues']).join(', ')}` }]
    case 'format':
      return [
        { field: named, rule: formatRules[String(params['format'])] ?? error.message ?? 'is not valid' },
      ]
    case 'anyOf':
      return [{ field: named, rule: 'must be of one of the described forms' }]
    default:
      return [{ field: named, rule: error.message ?? 'is not valid' }]
  }
}

const formatRules: Record<string, string> = {
  uuid: 'must be a UUID',
  email: 'must be an email address',
  'date-time': 'must be an RFC 3339 time with a zone, like 2026-03-05T09:00:00Z',
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
