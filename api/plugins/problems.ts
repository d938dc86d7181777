import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problemOf } from '../errors.ts'
import { Problem } from '../problem.ts'

/** Every error leaves as problem details (RFC 9457); nobody is shown a stack trace. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error)
    if (!problem || problem.status >= 500) logFailure(request, error)
    return sendProblem(reply, problem ?? unforeseen())
  })
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterSeconds !== null) reply.header('retry-after', problem.retryAfterSeconds)
  // A refusal is the same bytes for every id, so it names no request; the header x-request-id does.
  const instance = problem.slug === 'forbidden' ? {} : { instance: reply.request.id }
  return reply
    .status(problem.status)
    .header('x-request-id', reply.request.id)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      type: `urn:calendar-sync:problem:${problem.slug}`,
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      ...instance,
      ...problem.facts,
    })
}

export const unknownRoute = (): Problem =>
  new Problem(
    404,
    'unknown-route',
    'Not found',
    'There is no such address here: see /docs for those there are.',
  )

const unforeseen = (): Problem =>
  new Problem(
    500,
    'internal',
    'Something went wrong here',
    'It is not your request. Ask again; if it stays, tell an operator the request id.',
  )

/** Names and codes only: a message may carry what was written to the database. */
function logFailure(request: FastifyRequest, error: unknown): void {
  const failure = error instanceof Error ? error : new Error('not an error')
  const cause = failure.cause instanceof Error ? failure.cause : failure
  const code = 'code' in cause ? String(cause.code) : null
  const frames = (failure.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  request.log.error({ failure: failure.name, cause: cause.name, code, frames: frames.slice(0, 6) }, 'failed')
}
