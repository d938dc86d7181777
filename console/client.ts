import type { Problem } from './answers.ts'
import { words } from './words.ts'

/** The API refused or could not answer; the message is for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly requestId: string | null

  constructor(status: number, message: string, requestId: string | null) {
    super(message)
    this.status = status
    this.requestId = requestId
  }
}

/** One call of the public API with the browser's session; `Answer` is what its schema promises. */
export async function ask<Answer>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`/api/v1/${path}`, {
    method,
    headers: {
      // Another site's form cannot send this header, so the API takes a session's word only with it.
      'x-requested-with': 'calendar-sync',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiProblem(0, words.noAnswer, null)
  })
  const text = await response.text()
  if (!response.ok) throw problemOf(response, text)
  return (text === '' ? null : JSON.parse(text)) as Answer
}

function problemOf(response: Response, text: string): ApiProblem {
  const requestId = response.headers.get('x-request-id')
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  const problem = isProblem ? (JSON.parse(text) as Problem) : null
  const fields = problem?.errors?.map(({ field, rule }) => `${field} ${rule}`).join('; ')
  const message = [problem?.detail ?? words.unexpectedAnswer(response.status), fields].filter(Boolean)
  return new ApiProblem(response.status, message.join(' '), requestId)
}
