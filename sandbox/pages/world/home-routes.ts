import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findAccount } from '../../accounts.ts'
import { parametersOf } from '../../oauth/authorize.ts'
import { isVendor } from '../../state.ts'
import type { World } from '../../world.ts'
import { Refusal, type Ask } from '../ask.ts'
import { accountPath } from '../calendar/place.ts'
import { sendPage, sitePage } from '../frame.ts'
import { homePage } from './home-page.ts'

/** The first page and its forms, each of which is one call of the control API. */
export function homeRoutes(app: FastifyInstance, world: World, ask: Ask): void {
  const home = { title: 'Accounts', path: '/' }
  app.get('/', (_request, reply) => sendPage(reply, sitePage(world, home, homePage(world, null))))

  /** Does what a form asks for; what cannot be done is said over the page with what was typed. */
  const act = async (
    request: FastifyRequest,
    reply: FastifyReply,
    run: (form: Record<string, string>) => Promise<string>,
  ): Promise<FastifyReply> => {
    const typed = parametersOf(request.body)
    try {
      return reply.redirect(await run(typed), 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const body = homePage(world, { message: error.message, typed })
      return sendPage(reply, sitePage(world, home, body), 400)
    }
  }

  app.post('/accounts', (request, reply) =>
    act(request, reply, async ({ vendor, email = '', timeZone = '', calendars = '' }) => {
      const names = calendars
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
      const zone = timeZone.trim()
      const wish = { vendor, email, calendars: names, ...(zone === '' ? {} : { timeZone: zone }) }
      await ask.control('POST', 'accounts', wish)
      const made = isVendor(vendor) ? findAccount(world, vendor, email.trim()) : undefined
      return made === undefined ? '/' : accountPath(made)
    }),
  )

  app.post('/clock', (request, reply) =>
    act(request, reply, async ({ now, advance, frozen, real }) => {
      if (real !== undefined) await ask.control('POST', 'clock', { now: new Date().toISOString() })
      else if (frozen !== undefined) await ask.control('POST', 'clock', { frozen: frozen === 'true' })
      else if (now !== undefined) await ask.control('POST', 'clock', { now: `${now}Z` })
      else await ask.control('POST', 'clock', { advance })
      return '/#clock'
    }),
  )
  app.post('/snapshot', (request, reply) =>
    act(request, reply, async () => {
      await ask.control('POST', 'snapshot')
      return '/#world'
    }),
  )
  app.post('/restore', (request, reply) =>
    act(request, reply, async ({ id }) => {
      await ask.control('POST', 'restore', { id })
      return '/#world'
    }),
  )
  app.post('/reset', (request, reply) =>
    act(request, reply, async () => {
      await ask.control('POST', 'reset')
      return '/'
    }),
  )
}
