import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import { ControlError } from './control/errors.ts'
import { badRequest, GoogleError } from './google/errors.ts'
import { googleFault } from './google/fault.ts'
import { notPlayedByGoogle } from './google/surface.ts'
import { GraphError, graphErrorBody, undeserializable } from './microsoft/errors.ts'
import { notPlayedByGraph } from './microsoft/surface.ts'
import { answer, AuthorizeRefusal } from './oauth/authorize.ts'
import type { TokenAnswer } from './oauth/aadsts.ts'
import { failedSignIn, unknownSignIn } from './oauth/failures.ts'
import { isSignIn, TokenRefusal } from './oauth/fault.ts'
import { sendProblem } from './pages/frame.ts'
import { vendorOf } from './traffic.ts'
import { GatewayError } from './trouble.ts'
import { nowOf, type World } from './world.ts'

/** A body that was announced as JSON and is not. */
class MalformedJson extends Error {
  override readonly name = 'MalformedJson'
}

/** How bodies are read and how every failure is told, in the words of whoever was asked. */
export function answerFailures(app: FastifyInstance, world: World): void {
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      return done(null, JSON.parse(String(body)))
    } catch {
      return done(new MalformedJson('The body is not JSON.'), undefined)
    }
  })
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.setErrorHandler((error, request, reply) => answerError(world, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const vendor = vendorOf(path)
    if (vendor !== null && isSignIn(path))
      return sendToken(reply, unknownSignIn(world, vendor, request.method, path))
    if (vendor === 'google')
      return sendGoogle(reply, notPlayedByGoogle(request.method, path) ?? googleFault(404))
    if (vendor === 'microsoft')
      return sendGraph(world, reply, notPlayedByGraph(request.method, path) ?? unknownResource())
    if (path.startsWith('/_sandbox')) return reply.status(404).send({ error: `There is nothing at ${path}.` })
    return sendProblem(world, reply, 404, `There is nothing at ${path}.`)
  })
}

/** Tells a failure in the words of whoever was asked. */
export function answerError(
  world: World,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof GatewayError) return sendGateway(reply, error)
  if (error instanceof GoogleError) return sendGoogle(reply, error)
  if (error instanceof GraphError) return sendGraph(world, reply, error)
  if (error instanceof TokenRefusal) return sendToken(reply, error.answer)
  if (error instanceof AuthorizeRefusal) return answer(reply, error.answer)
  if (error instanceof ControlError) return reply.status(error.status).send({ error: error.message })

  const path = request.url.split('?')[0] ?? ''
  const vendor = vendorOf(path)
  const isTheirs = error instanceof MalformedJson || statusOf(error) < 500
  // Anything else is a fault of the sandbox itself; it says so without a stack trace.
  const message = error instanceof Error ? error.message : 'unknown'
  if (vendor !== null && isSignIn(path))
    return sendToken(reply, failedSignIn(world, vendor, isTheirs ? 400 : 500, message))
  if (vendor === 'google') {
    return sendGoogle(
      reply,
      isTheirs ? parseError(error) : googleFault(500, 'backendError', `Sandbox: ${message}`),
    )
  }
  if (vendor === 'microsoft') {
    const failure = isTheirs
      ? undeserializable('Unable to read JSON request payload.')
      : new GraphError(500, 'ErrorInternalServerError', `Sandbox: ${message}`)
    return sendGraph(world, reply, failure)
  }
  const status = isTheirs ? 400 : 500
  if (request.url.startsWith('/_sandbox')) return reply.status(status).send({ error: message })
  return sendProblem(world, reply, status, message)
}

function sendToken(reply: FastifyReply, { status, body }: TokenAnswer): FastifyReply {
  return reply.status(status).send(body)
}

/** What a proxy says that speaks for nobody. */
function sendGateway(reply: FastifyReply, { status }: GatewayError): FastifyReply {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  // Whoever answers in JSON has nothing to do with it.
  void reply.serializer(String)
  return reply.status(status).type('text/html; charset=utf-8').send(body)
}

function parseError(error: unknown): GoogleError {
  return error instanceof MalformedJson
    ? googleFault(400, 'parseError', 'Parse Error')
    : badRequest('Bad Request')
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' ? status : 500
}

function unknownResource(): GraphError {
  return new GraphError(404, 'ResourceNotFound', 'Resource could not be discovered.')
}

function sendGoogle(reply: FastifyReply, error: GoogleError): FastifyReply {
  return reply.status(error.status).type('application/json; charset=UTF-8').send(error.body)
}

function sendGraph(world: World, reply: FastifyReply, error: GraphError): FastifyReply {
  const requestId = String(reply.getHeader('request-id') ?? world.random.uuid())
  const clientRequestId = String(reply.getHeader('client-request-id') ?? requestId)
  const body = graphErrorBody(error, requestId, clientRequestId, new Date(nowOf(world)).toISOString())
  return reply
    .status(error.status)
    .headers({ 'request-id': requestId, ...error.headers })
    .send(body)
}
