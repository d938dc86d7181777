import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findAccount } from '../accounts.ts'
import { textOf } from '../json.ts'
import { GraphError } from '../microsoft/errors.ts'
import { announceChange } from '../microsoft/notifications.ts'
import { findEvent, store, type Found } from '../microsoft/store.ts'
import { renamedZone } from '../microsoft/zone-names.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'

type OfEvent = { Params: { email: string; id: string } }

/** What only Outlook itself does to a mailbox. */
export function microsoftControlRoutes(app: FastifyInstance, world: World): void {
  app.post<OfEvent>('/_sandbox/accounts/:email/events/:id/zone', (request) => {
    const name = textOf(bodyOf(request)['name'])
    if (!name) throw new ControlError(400, 'name must be a text, such as tzone://Microsoft/Custom.')
    const { account, found } = eventOf(world, request)
    const event = renamedZone(world, found.event, name)
    store(account, found.calendar, event)
    announceChange(world, account, found.calendar.id, 'updated', event)
    return { name }
  })
}

function eventOf(
  world: World,
  request: FastifyRequest<OfEvent>,
): { account: MicrosoftAccount; found: Found } {
  const { email, id } = request.params
  const account = findAccount(world, 'microsoft', email)
  if (account?.vendor !== 'microsoft') throw new ControlError(404, `Microsoft has no account ${email}.`)
  try {
    return { account, found: findEvent(account, id) }
  } catch (error) {
    if (error instanceof GraphError) throw new ControlError(404, `There is no event ${id}.`)
    throw error
  }
}
