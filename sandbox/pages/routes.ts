import type { FastifyInstance, FastifyReply } from 'fastify'
import type { World } from '../world.ts'
import { createAsk, Refusal } from './ask.ts'
import { assetRoutes } from './assets.ts'
import { calendarRoutes } from './calendar/routes.ts'
import { sendProblem } from './frame.ts'
import { NotHere } from './not-here.ts'
import { faultPageRoutes } from './world/fault-routes.ts'
import { homeRoutes } from './world/home-routes.ts'
import { logRoutes } from './world/log-routes.ts'

/** Scripts, styles and pictures come from here alone, and no other site may frame a page or send a form to it. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Pages on which a person plays the owner of an account, and steers the world, without a line of script. */
export function pageRoutes(app: FastifyInstance, world: World): void {
  const ask = createAsk(app, world)
  void app.register(async (pages) => {
    pages.addHook('onRequest', async (request, reply) => {
      void reply.header('content-security-policy', policy)
      const isForeign = ['cross-site', 'same-site'].includes(String(request.headers['sec-fetch-site']))
      if (request.method === 'POST' && isForeign) {
        return sendProblem(world, reply, 403, 'This form was sent by another site.')
      }
      return undefined
    })
    pages.setErrorHandler((error, _request, reply) => answer(world, error, reply))
    assetRoutes(pages, world)
    homeRoutes(pages, world, ask)
    calendarRoutes(pages, world, ask)
    faultPageRoutes(pages, world, ask)
    logRoutes(pages, world, ask)
  })
}

/** Tells a failure as a page, in the vendor's words where a vendor refused. */
function answer(world: World, error: unknown, reply: FastifyReply): FastifyReply {
  const message = error instanceof Error ? error.message : 'unknown'
  if (error instanceof NotHere) return sendProblem(world, reply, 404, message)
  if (error instanceof Refusal) return sendProblem(world, reply, error.status, message)
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return sendProblem(world, reply, status, message)
}
