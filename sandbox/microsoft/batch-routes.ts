import type { FastifyInstance } from 'fastify'
import type { World } from '../world.ts'
import { runSteps, toldHeaders, type StepAnswer } from './batch.ts'
import { readSteps, type Step } from './batch-steps.ts'
import { readCaller } from './calls.ts'
import { microsoftSwitch } from './switches.ts'

/**
 * Several requests in one. Each goes through the same routes as if it had come alone, so that it is logged, throttled
 * and struck by faults alone.
 */
export function microsoftBatchRoutes(app: FastifyInstance, world: World): void {
  app.post('/v1.0/$batch', async (request) => {
    readCaller(world, request)
    const allowsShared = microsoftSwitch(world.state, 'batchSharedDependency') === 'allowed'
    const steps = readSteps(request.body, allowsShared)
    const authorization = request.headers.authorization ?? ''
    return { responses: await runSteps(steps, world.random, (step) => run(app, step, authorization)) }
  })
}

async function run(app: FastifyInstance, step: Step, authorization: string): Promise<StepAnswer> {
  const { id, method, url, headers, body } = step
  const isSent = body !== undefined && method !== 'GET' && method !== 'DELETE'
  const sent = {
    method: method as 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    url: `/v1.0${url}`,
    headers: { ...headers, authorization },
    ...(isSent ? { payload: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  }
  try {
    const answer = await app.inject(sent)
    const told = { id, status: answer.statusCode, headers: toldHeaders(answer.headers) }
    return answer.body === '' ? told : { ...told, body: bodyOf(answer.body) }
  } catch {
    // What became of it is not known: its connection, if it had one, broke off.
    const error = { code: 'UnknownError', message: 'The gateway did not receive an answer in time.' }
    return { id, status: 504, headers: { 'Content-Type': 'application/json' }, body: { error } }
  }
}

/** An answer that is no JSON travels as Base64. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return Buffer.from(text).toString('base64')
  }
}
