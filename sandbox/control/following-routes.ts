import type { FastifyInstance } from 'fastify'
import { accessAtLeast } from '../google/access.ts'
import { existing } from '../google/find-event.ts'
import { noteMail } from '../google/mail.ts'
import { endSeries, splitSeries } from '../google/split-series.ts'
import type { GoogleAccount } from '../google/types.ts'
import { refuseHidden } from '../google/visibility.ts'
import { readWriteQuery } from '../google/write-query.ts'
import { isObject, textOf, type JsonObject } from '../json.ts'
import { changeFollowing, removeFollowing } from '../microsoft/split-series.ts'
import { findEvent } from '../microsoft/store.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'
import { accountOf, bodyOf, type OfAccount } from './account-routes.ts'
import { ControlError } from './errors.ts'

const preferences = { zone: undefined, immutableIds: false, textBodies: false, pageSize: undefined }

/** "This and following events", which people have at the vendors' own screens and apps have no call for. */
export function followingRoutes(app: FastifyInstance, world: World): void {
  app.post<OfAccount>('/_sandbox/accounts/:email/following', (request, reply) => {
    const account = accountOf(world, request)
    const wish = bodyOf(request)
    const { changes } = wish
    if (changes !== undefined && changes !== null && !isObject(changes))
      throw new ControlError(400, 'changes must be an object, or left out to delete.')
    if (account.vendor === 'google') followAtGoogle(world, account, wish, changes ?? undefined)
    else followAtMicrosoft(world, account, wish, changes ?? undefined)
    return reply.status(204).send()
  })
}

function followAtGoogle(
  world: World,
  account: GoogleAccount,
  { id, calendar, sendUpdates }: JsonObject,
  changes: JsonObject | undefined,
): void {
  const instanceId = textOf(id) ?? ''
  const access = accessAtLeast(world, account, textOf(calendar) ?? 'primary', 'writerWithoutPrivateAccess')
  const target = { world, account, ...access }
  const query = readWriteQuery(sendUpdates === undefined ? {} : { sendUpdates })
  refuseHidden(target, existing(target, instanceId))
  if (changes === undefined) {
    noteMail(target, endSeries(target, instanceId), query)
    return
  }
  const { ended, begun } = splitSeries(target, instanceId, changes)
  for (const change of new Set([ended, begun])) noteMail(target, change, query)
}

function followAtMicrosoft(
  world: World,
  account: MicrosoftAccount,
  { id }: JsonObject,
  changes: JsonObject | undefined,
): void {
  const found = findEvent(account, textOf(id) ?? '')
  if (changes === undefined) removeFollowing({ world, account }, found)
  else changeFollowing({ world, account }, found, changes, preferences)
}
