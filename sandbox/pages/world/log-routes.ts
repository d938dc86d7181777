import type { FastifyInstance, FastifyReply } from 'fastify'
import { isObject, type JsonObject } from '../../json.ts'
import { parametersOf } from '../../oauth/authorize.ts'
import type { World } from '../../world.ts'
import { Refusal, type Ask } from '../ask.ts'
import { sendPage, sitePage } from '../frame.ts'
import type { Html } from '../html.ts'
import { mailPage, notificationsPage, requestsPage, type LogFilter } from './log-pages.ts'
import { switchPage, wishesOf } from './switch-page.ts'

/** The logs, to be read while things happen, and the switches. */
export function logRoutes(app: FastifyInstance, world: World, ask: Ask): void {
  const logs: { path: string; title: string; view: (world: World, filter: LogFilter) => Html }[] = [
    { path: '/requests', title: 'Requests', view: requestsPage },
    { path: '/notifications', title: 'Notifications', view: notificationsPage },
    { path: '/mail', title: 'Mail', view: mailPage },
  ]
  for (const { path, title, view } of logs) {
    app.get(path, (request, reply) => {
      const { vendor = '', account = '', method = '', path: part = '' } = parametersOf(request.query)
      const body = view(world, { vendor, account, method, path: part })
      return sendPage(reply, sitePage(world, { title, path }, body))
    })
  }
  app.post('/requests/forget', async (_request, reply) => {
    await ask.control('DELETE', 'requests')
    return reply.redirect('/requests', 303)
  })

  const showSwitches = async (reply: FastifyReply, problem: string | null): Promise<FastifyReply> => {
    const { items } = await ask.control('GET', 'switches')
    const list: JsonObject[] = Array.isArray(items) ? items.filter(isObject) : []
    const body = switchPage(list, problem)
    const title = { title: 'Switches', path: '/switches' }
    return sendPage(reply, sitePage(world, title, body), problem === null ? 200 : 400)
  }
  app.get('/switches', (_request, reply) => showSwitches(reply, null))
  app.post('/switches', async (request, reply) => {
    const form = parametersOf(request.body)
    try {
      await (form['act'] === 'default'
        ? ask.control('DELETE', 'switches')
        : ask.control('POST', 'switches', wishesOf(form)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return showSwitches(reply, error.message)
    }
    return reply.redirect('/switches', 303)
  })
}
