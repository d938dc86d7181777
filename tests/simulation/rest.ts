import { sync } from '../support/world.ts'
import type { Performance } from './attempts.ts'

const passesMax = 8
/** Longer than any vendor here asks to wait. */
const patienceMs = 120_000

/** Everybody looks until nobody finds anything to do, once no vendor wants them to wait any more. */
export async function comeToRest(play: Performance): Promise<void> {
  await play.world.sandbox.clock.advance(patienceMs)
  for (let passed = 0; passed < passesMax; passed++) {
    let isQuiet = true
    for (const provider of play.providers) {
      const { id: providerId, tenantId } = provider
      await play.world.sandbox.clock.advance(1_000)
      const seen = await play.world.activities.look({ tenantId, providerId })
      if (seen.kind === 'rest') continue
      isQuiet = false
      await sync(play.world, provider)
    }
    if (isQuiet) return
  }
  throw new Error(`The sides do not come to rest: ${JSON.stringify(await unfinished(play))}`)
}

/** What must hold of every history at rest, whatever it was about; answers the sentences that are not true. */
export async function brokenAtEveryRest(play: Performance): Promise<string[]> {
  const { world, tenantId } = play
  const broken: string[] = []
  for (const { name } of await unfinished(play)) broken.push(`there is unfinished work: ${name}`)
  if ((await world.control.mail()).length > 0) broken.push('somebody got mail')
  for (const provider of play.providers) {
    await world.control.forgetRequests()
    const seen = await world.activities.look({ tenantId, providerId: provider.id })
    const requests = await world.control.requests()
    // A token may have come to its end meanwhile: one renewal of it is no call for what is at rest.
    const renewals = requests.filter(({ path }) => path.endsWith('/token')).length
    const calls = requests.length - Math.min(renewals, 1)
    if (seen.kind !== 'rest' || calls !== 1) {
      broken.push(`another look of ${play.nameOf(provider.id)} finds ${seen.kind} and makes ${calls} calls`)
    }
  }
  return broken
}

export const unfinished = ({ world, tenantId }: Performance) =>
  world.database.owner<{ name: string }[]>`
    select 'pending ' || kind || ' ' || subject_id || ' of ' || provider_id as name from pending where tenant_id = ${tenantId}
    union all
    select 'intent ' || kind || ' ' || state || ' of ' || provider_id from intents
      where tenant_id = ${tenantId} and state in ('planned', 'sent')`
