import type { FastifyInstance } from 'fastify'
import { isObject, textOf } from '../json.ts'
import { changeFollowing, removeFollowing } from '../microsoft/split-series.ts'
import { findEvent } from '../microsoft/store.ts'
import type { World } from '../world.ts'
import { accountOf, bodyOf, type OfAccount } from './account-routes.ts'
import { ControlError } from './errors.ts'

const preferences = { zone: undefined, immutableIds: false, textBodies: false, pageSize: undefined }

/** "This and following events", which people have at Microsoft's own screens and apps have no call for. */
export function followingRoutes(app: FastifyInstance, world: World): void {
  app.post<OfAccount>('/_sandbox/accounts/:email/following', (request, reply) => {
    const account = accountOf(world, request)
    const { id, changes } = bodyOf(request)
    if (account.vendor !== 'microsoft')
      throw new ControlError(400, 'vendor must be "microsoft": with Google an app can do it by itself.')
    const found = findEvent(account, textOf(id) ?? '')
    if (changes === undefined || changes === null) removeFollowing({ world, account }, found)
    else if (isObject(changes)) changeFollowing({ world, account }, found, changes, preferences)
    else throw new ControlError(400, 'changes must be an object, or left out to delete.')
    return reply.status(204).send()
  })
}
