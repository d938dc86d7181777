import { Ajv, type ValidateFunction } from 'ajv'
import type { Answered } from '../../sandbox/answered.ts'
import schemas from './schemas/answers.json' with { type: 'json' }
import { expectedAnswers, routeKey } from './schemas/routes.ts'

const whole = new Ajv({ allErrors: true, allowUnionTypes: true }).addSchema(schemas, 'answers')
/** For answers of which only some members were asked for. */
const partial = new Ajv({ allErrors: true, allowUnionTypes: true }).addSchema(
  withoutRequired(schemas),
  'answers',
)

/** What is wrong with an answer of a played vendor, by the vendor's own published types. */
export function complaintsAbout(answered: Answered): string[] {
  const { method, route, status, url } = answered
  const complaints = status < 400 ? aboutSuccess(answered) : aboutFailure(answered)
  return complaints.map((text) => `${method} ${route ?? url} → ${status}: ${text}`)
}

function aboutSuccess(answered: Answered): string[] {
  const { method, route, status, body } = answered
  if (status === 304) return body === '' ? [] : ['a body beside "not modified"']
  // Signing in and out are pages for people, and redirects.
  if (/\/(auth|authorize|adminconsent|logout)$/.test(route ?? '')) return []
  if (route?.startsWith('/batch')) {
    const isMultipart = answered.contentType.startsWith('multipart/mixed; boundary=')
    return isMultipart ? [] : [`its type is "${answered.contentType}", not multipart/mixed`]
  }
  const expected = expectedAnswers[routeKey(method, route ?? '')]
  if (expected === undefined) return ['tests/sandbox/schemas/routes.ts does not know what this route answers']
  const [usual, answer] = expected
  if (status !== usual) return [`its status is ${usual}`]
  if (answer === null) return body === '' ? [] : ['a body where there is none']
  if (answer === 'count') {
    const isCount = answered.contentType.startsWith('text/plain') && /^\d+$/.test(body)
    return isCount ? [] : [`"${body}" of the type "${answered.contentType}" is no bare number`]
  }
  const query = new URL(answered.url, 'http://sandbox').searchParams
  const isPartial = query.has('fields') || query.has('$select')
  return aboutBody(answered, answer, isPartial ? partial : whole)
}

function aboutFailure(answered: Answered): string[] {
  const path = answered.url.split('?')[0] ?? ''
  const isGraph = path.startsWith('/v1.0')
  const isCalendar = /^\/(calendar\/v3|batch)/.test(path)
  const signIn = answered.vendor === 'google' ? 'GoogleOAuthError' : 'MicrosoftOAuthError'
  const shape = isGraph ? 'GraphError' : isCalendar ? 'GoogleError' : signIn
  // Sign-in has pages for people, and what stands before a vendor when it is down speaks for nobody.
  const isPage = answered.contentType.startsWith('text/html')
  if (isPage && (shape === signIn || answered.status >= 502)) return []
  return aboutBody(answered, shape, whole)
}

function aboutBody({ contentType, body }: Answered, answer: string, schemas: Ajv): string[] {
  if (!contentType.startsWith('application/json')) return [`its type is "${contentType}", not JSON`]
  const validate: ValidateFunction | undefined = schemas.getSchema(`answers#/definitions/${answer}`)
  if (validate === undefined) return [`there is no schema of ${answer}`]
  if (validate(parse(body))) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${answer}${instancePath} ${message ?? 'is wrong'} ${JSON.stringify(params)}`,
  )
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function withoutRequired<T>(schema: T): T {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) =>
      name === 'required' && Array.isArray(value) ? undefined : value,
    ),
  ) as T
}
