import { WorkflowNotFoundError } from '@temporalio/client'
import type { FastifyError } from 'fastify'
import { KeyMismatch } from '../db/envelope.ts'
import { InvalidTime } from '../domain/time.ts'
import {
  ClientRefused,
  ConsentRevoked,
  NotFound,
  OutcomeUnknown,
  Throttled,
  TokenRefused,
  VendorError,
} from '../providers/errors.ts'
import { conflicting, Problem, unavailable } from './problem.ts'
import { validationProblem } from './plugins/validation.ts'

/** Any failure as the problem a caller is told; undefined for what nobody foresaw. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (isFastifyError(error)) return requestProblem(error)
  if (error instanceof InvalidTime) {
    return new Problem(400, 'invalid-request', 'The request is not valid', error.message)
  }
  if (error instanceof VendorError) return vendorProblem(error)
  if (error instanceof KeyMismatch) {
    return new Problem(500, 'key-mismatch', 'A stored secret cannot be opened', error.message)
  }
  if (error instanceof WorkflowNotFoundError || isTemporalFailure(error)) {
    return unavailable(
      'temporal-unavailable',
      'Temporal does not answer: nothing was started. Ask again in a few seconds.',
      5,
    )
  }
  if (isDatabaseFailure(error)) {
    return unavailable('database-unavailable', 'The database does not answer. Ask again in a few seconds.', 5)
  }
  return undefined
}

function vendorProblem(error: VendorError): Problem {
  const facts = { vendorCode: error.code, vendorRequestId: error.requestId }
  if (error instanceof ConsentRevoked || error instanceof TokenRefused) {
    return conflicting(
      'reauthorization-required',
      `The vendor does not accept the consent (${error.code}): authorize the provider again.`,
      facts,
    )
  }
  if (error instanceof ClientRefused) {
    return conflicting(
      'client-refused',
      `${error.message} Check the integration's client id and secret.`,
      facts,
    )
  }
  if (error instanceof NotFound) return conflicting('vendor-not-found', error.message, facts)
  if (error instanceof Throttled) {
    const retryAfterSeconds = Math.max(1, Math.ceil(error.retryAfterMs / 1000))
    return new Problem(503, 'vendor-throttled', 'The vendor asks to wait', error.message, {
      facts,
      retryAfterSeconds,
    })
  }
  if (error instanceof OutcomeUnknown) {
    return new Problem(502, 'vendor-unreachable', 'The vendor did not answer', error.message, {
      facts,
      retryAfterSeconds: 5,
    })
  }
  return new Problem(502, 'vendor-refused', 'The vendor refused', error.message, { facts })
}

function requestProblem(error: FastifyError): Problem | undefined {
  if (error.validation) return validationProblem(error.validation, error.validationContext ?? 'body')
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem(
        415,
        'unsupported-media-type',
        'Unsupported media type',
        'Send JSON, with content-type: application/json.',
      )
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem(413, 'too-large', 'The body is too large', 'Send a smaller body.')
    default:
      if (error.statusCode === undefined || error.statusCode >= 500) return undefined
      return new Problem(
        error.statusCode,
        'bad-request',
        'The request cannot be read',
        'The request cannot be read: check that the body is well-formed JSON and the headers are right.',
      )
  }
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && 'code' in error
}

/** gRPC failures carry a numeric status code and details; the client wraps them in a ServiceError. */
function isTemporalFailure(error: unknown): boolean {
  return causes(error).some((cause) => cause.name === 'ServiceError' || typeof codeOf(cause) === 'number')
}

const connectionCodes = new Set(
  [
    'ECONNREFUSED ECONNRESET EPIPE ENOTFOUND ETIMEDOUT',
    'CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED CONNECT_TIMEOUT',
    // Shutting down, starting up, out of connections.
    '57P01 57P02 57P03 53300',
    // A deadlock: one of two was asked to come again.
    '40P01',
  ].flatMap((codes) => codes.split(' ')),
)

export function isDatabaseFailure(error: unknown): boolean {
  return causes(error).some((cause) => connectionCodes.has(String(codeOf(cause))))
}

/** An error and what caused it, outermost first. */
function causes(error: unknown): Error[] {
  const chain: Error[] = []
  for (let current = error; current instanceof Error && chain.length < 8; current = current.cause) {
    chain.push(current)
  }
  return chain
}

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined)
