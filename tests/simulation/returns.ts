import { insertDisconnect } from '../../db/disconnects.ts'
import { markDeleted, type Provider } from '../../db/providers.ts'
import { connectProvider } from '../support/world.ts'
import { befallen, survive, throwCrash } from './attempts.ts'
import { tendSubscriptionOf } from './notifications.ts'
import { actAtVendor } from './people.ts'
import { nameOf, type Play } from './play.ts'
import { actInSchedule } from './schedule.ts'

/** Somebody deletes a provider, which is taken apart step by step; later its calendar is connected again. */
export async function disconnectAndReturn(play: Play): Promise<void> {
  const { chance, story } = play
  const gone = chance.pick(play.providers)
  const name = nameOf(play, gone.id)
  story.push(`${name} is deleted`)
  await deleteProvider(play, gone)
  await takeApart(play, gone)
  for (let acts = chance.below(3); acts > 0; acts--) {
    await (chance.below(2) === 0 ? actAtVendor(play, gone) : actInSchedule(play))
  }
  story.push(`${name} is connected again`)
  await connectAgain(play, gone)
}

/** By the same writes that a request makes. */
async function deleteProvider({ world, tenantId }: Play, { id }: Provider): Promise<void> {
  const now = world.deps.now()
  const requestedBy = { kind: 'session' as const, id: world.deps.newId() }
  await world.database.tenant(tenantId, async (db) => {
    await markDeleted(db, id, now)
    await insertDisconnect(db, { providerId: id, tenantId, requestedAt: now, requestedBy })
  })
}

/** Every step is taken until it is done; a process may die over it, and the vendor may be away. */
async function takeApart(play: Play, gone: Provider): Promise<void> {
  const { chance, world, tenantId } = play
  const step = { tenantId, providerId: gone.id }
  if (chance.below(2) === 0) {
    const at = 1 + chance.below(9)
    const isBefore = chance.below(2) === 0
    play.counts.crashes++
    play.story.push(`somebody dies over it ${isBefore ? 'before' : 'after'} transaction ${at}`)
    const dying = befallen(play, at, isBefore, throwCrash)
    await survive(
      (async () => {
        await dying.endSubscriptions({ ...step, isLast: false })
        await dying.revokeConsent({ ...step, isLast: false })
        while ((await dying.forgetProvider(step)) === 'more');
      })(),
    )
  }
  await world.activities.endSubscriptions({ ...step, isLast: true })
  await world.activities.revokeConsent({ ...step, isLast: true })
  while ((await world.activities.forgetProvider(step)) === 'more');
  await expectForgotten(play, gone)
}

/** Tokens and words of a deleted provider are in no table. */
async function expectForgotten({ world }: Play, { id }: Provider): Promise<void> {
  const [left] = await world.database.owner<{ total: number }[]>`
    select (select count(*) from provider_credentials where provider_id = ${id})::int
      + (select count(*) from external_events where provider_id = ${id})::int
      + (select count(*) from intents where provider_id = ${id})::int
      + (select count(*) from mappings where provider_id = ${id}
          and (state <> 'retired' or base_entry is not null or base_external is not null))::int as total`
  if (left?.total !== 0) throw new Error('A deleted provider left what it knew.')
}

/** The same calendar under a new id: what people did there is told of the new one from now on. */
async function connectAgain(play: Play, gone: Provider): Promise<void> {
  const { world, tenantId } = play
  const { accountEmail: email, memberId, vendor, direction } = gone
  const back = await connectProvider(world, { tenantId, memberId }, vendor, {
    email: email ?? '',
    direction,
    policies: gone.policies,
  })
  play.providers = play.providers.map((one) => (one.id === gone.id ? back : one))
  play.returned.add(back.id)
  const here = (site: string) => (site === gone.id ? back.id : site)
  const { conflicts } = gone.policies
  const asksWhatDiffers = direction === 'both' && (conflicts === 'manual' || conflicts === 'merge-fields')
  for (const thing of play.things.values()) {
    thing.homes = thing.homes.map(here)
    const isDeleted = thing.touches.some(({ kind }) => kind === 'deleted')
    thing.touches = thing.touches.map((touch) => ({ ...touch, site: here(touch.site) }))
    // What was deleted while nobody watched stays as it is on the other side, until somebody changes it. What differs is an
    // edit of both sides, and goes by direction and policy.
    if (isDeleted || (!asksWhatDiffers && thing.touches.length > 0))
      thing.touches.push({ site: back.id, kind: 'decided' })
  }
  play.switches = play.switches.map((one) => ({ ...one, providerId: here(one.providerId) }))
  play.revoked.delete(gone.id)
  // Google ends the consent of the account, whoever else lives by it.
  if (vendor === 'google') await noteRevoked(play, back)
  for (const told of [world.wire.nudged, world.wire.changed]) told.delete(gone.id)
  await tendSubscriptionOf(play, back)
}

async function noteRevoked(play: Play, back: Provider): Promise<void> {
  const others = await play.world.database.owner<{ id: string }[]>`
    select id from providers where vendor = ${back.vendor} and account_email = ${back.accountEmail}
      and id <> ${back.id} and deleted_at is null`
  for (const { id } of others) play.revoked.add(id)
}
