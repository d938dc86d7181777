import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Problem } from '../problem.ts'
import { patternRules } from '../schemas.ts'
import { readQuery, unreadableText } from './reading.ts'

/** Bodies are taken as they are; a path or query holds text only, so numbers and booleans are read from it. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  return (value: unknown) => {
    const unreadable = unreadableText(value)
    if (unreadable) return { error: [unreadable] }
    const given = httpPart === 'body' ? value : readQuery(schema, value)
    if (compiled.Check(given)) return { value: given }
    return { error: compiled.Errors(given) }
  }
}

interface FieldError {
  field: string
  rule: string
}

/** Enough for a person to mend a request; a hostile one is not answered at length. */
const errorsMax = 20

/** Names every field and the rule it breaks. */
export function validationProblem(found: FastifySchemaValidationError[], part: string): Problem {
  const errors = found.filter((error) => !isDerived(error)).flatMap((error) => fieldErrors(error, part))
  const unique = [...new Map(errors.map((error) => [`${error.field} ${error.rule}`, error])).values()]
  const told = unique.slice(0, errorsMax)
  const detail = told.map((error) => `${error.field} ${error.rule}`).join('; ')
  return new Problem(400, 'invalid-request', 'The request is not valid', `${detail}.`, {
    facts: { errors: told },
  })
}

/** What follows from another error and says nothing of its own. */
const isDerived = (error: FastifySchemaValidationError): boolean =>
  error.keyword === 'boolean' || (error.keyword === 'type' && error.params['type'] === 'null')

function fieldErrors(error: FastifySchemaValidationError, part: string): FieldError[] {
  const field = error.instancePath.slice(1).replaceAll('/', '.')
  const inside = (name: string) => (field === '' ? name : `${field}.${name}`)
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
    default:
      return [{ field: field === '' ? `the ${part}` : field, rule: ruleOf(error) }]
  }
}

function ruleOf({ keyword, params, message }: FastifySchemaValidationError): string {
  const words = message ?? 'is not valid'
  switch (keyword) {
    case 'enum':
      return `must be one of ${listOf(params['allowedValues']).join(', ')}`
    case 'type':
      return `must be ${/^[aio]/.test(String(params['type'])) ? 'an' : 'a'} ${String(params['type'])}`
    case 'format':
      return formatRules[String(params['format'])] ?? words
    case 'pattern':
      return patternRules.get(String(params['pattern'])) ?? words
    case 'minProperties':
      return 'must name at least one change'
    case 'uniqueItems':
      return 'must not name the same twice'
    case 'anyOf':
      return 'must be of one of the described forms'
    default:
      return words
  }
}

const formatRules: Record<string, string> = {
  uuid: 'must be a UUID',
  email: 'must be an email address',
  'date-time': 'must be an RFC 3339 time with a zone, like 2026-03-05T09:00:00Z',
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
