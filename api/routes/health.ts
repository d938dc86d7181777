import type { FastifyInstance } from 'fastify'
import { sumLatencies, type LatencySum } from '../../db/change-latencies.ts'
import { ping } from '../../db/ping.ts'
import type { ApiDeps } from '../dependencies.ts'
import { renderMetrics } from '../metrics.ts'

/** `/healthz`: the process lives. `/readyz`: what it needs answers. */
export function healthRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/healthz', { schema: { tags: ['health'] }, logLevel: 'warn' }, async () => ({ status: 'ok' }))

  app.get('/metrics', { schema: { tags: ['health'] }, logLevel: 'warn' }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(renderMetrics(await latencies(deps))),
  )

  app.get('/readyz', { schema: { tags: ['health'] }, logLevel: 'warn' }, async (_request, reply) => {
    const [database, temporal] = await Promise.all([
      answers(() => deps.database.system(ping)),
      answers(() =>
        deps.temporal.withDeadline(Date.now() + 3_000, () => deps.temporal.workflowService.getSystemInfo({})),
      ),
    ])
    const missing = [...(database ? [] : ['database']), ...(temporal ? [] : ['temporal'])]
    const status = missing.length === 0 ? 'ready' : 'not ready'
    return reply.status(missing.length === 0 ? 200 : 503).send({ status, missing })
  })
}

/** Null while the database does not answer: what this process counts is told all the same. */
const latencies = ({ database }: ApiDeps): Promise<LatencySum[] | null> =>
  database.system(sumLatencies).catch(() => null)

async function answers(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), 3_000)
  })
  const asked = ask().then(
    () => true,
    () => false,
  )
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
