import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendPage } from '../pages.ts'
import { sendProblem, unknownRoute } from './problems.ts'

const builtConsole = join(import.meta.dirname, '..', '..', 'console', 'dist')

/** The console's built files, and its first page for every address that only the console knows. */
export async function serveConsole(app: FastifyInstance, folder: string = builtConsole): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'))
  if (isBuilt)
    await app.register(fastifyStatic, { root: folder, setHeaders: guardFiles, index: ['index.html'] })
  app.setNotFoundHandler((request, reply) => {
    if (!isConsolePage(request)) return sendProblem(reply, unknownRoute())
    if (isBuilt) return reply.sendFile('index.html')
    if (request.url === '/') {
      return sendPage(reply, 200, 'Calendar sync', 'The API runs. The console is not built here; see /docs.')
    }
    return sendProblem(reply, unknownRoute())
  })
}

function guardFiles(reply: FastifyReply, path: string): void {
  const policy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
  void reply.header('content-security-policy', policy)
  if (path.endsWith('.html')) void reply.header('cache-control', 'no-cache')
}

const ours = /^\/(api|oauth|webhooks|docs|openapi\.json|healthz|readyz|metrics|sign-in|assets)(\/|$|\?)/

function isConsolePage(request: FastifyRequest): boolean {
  return request.method === 'GET' && !ours.test(request.url)
}
