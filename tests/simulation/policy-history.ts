import { listConflicts } from '../../db/conflicts.ts'
import type { ScheduleEntry } from '../../db/schedule-entries.ts'
import { tablesSaying } from '../support/stored-words.ts'
import { attempt } from './attempts.ts'
import { consentWhereAsked, renewAll, revokeConsent } from './consents.ts'
import { heedSignals, spoilMessages, subscribeAll } from './notifications.ts'
import {
  actInCalendar,
  actInSchedule,
  admissionOf,
  eventIdOf,
  marker,
  openPolicyPlay,
  pathOf,
  personOf,
  providerOf,
  switchPolicy,
  type PolicyPlay,
  type Secret,
} from './policy-play.ts'
import { entriesOf } from './schedule.ts'
import { letTimePass } from './settings.ts'
import type { StagedWorld } from './stage.ts'

/** Histories of what enters: policies are switched while private and marked events come, change and go. */
export const policyHistory = {
  async open(world: StagedWorld, seed: number): Promise<PolicyPlay> {
    const play = await openPolicyPlay(world, seed)
    await subscribeAll(play)
    return play
  },
  takeTurn(play: PolicyPlay): Promise<void> {
    const act = play.chance.weigh([
      [4, actInCalendar],
      [1.5, actInSchedule],
      [8, attempt],
      [1.5, switchPolicy],
      [1, searchTables],
      [1, heedSignals],
      [0.4, spoilMessages],
      [0.3, letTimePass],
      [0.2, revokeConsent],
      [0.4, consentWhereAsked],
    ])
    return act(play)
  },
  beforeRest: renewAll,
  brokenAtRest,
}

/** Words that no policy ever let in are in no table, at any time. */
async function searchTables(play: PolicyPlay): Promise<void> {
  const never = play.secrets.filter(({ wasAdmitted }) => !wasAdmitted)
  for (const secret of never) {
    const [saying] = await whoSays(play, secret)
    if (saying) throw new Error(`${saying}, and no policy ever let it in`)
  }
}

async function whoSays({ world }: PolicyPlay, { words }: Secret): Promise<string[]> {
  const said = await Promise.all(
    words.map(async (word) => (await tablesSaying(world, word)).map((table) => `${table} says ${word}`)),
  )
  return said.flat()
}

interface True {
  title: string
  isPrivate: boolean
}

async function brokenAtRest(play: PolicyPlay): Promise<string[]> {
  const entries = await entriesOf(play)
  const conflicts = await play.world.database.tenant(play.tenantId, (db) =>
    listConflicts(db, { state: 'open', limit: 500 }),
  )
  const contested = new Set(conflicts.map(({ entryId }) => entryId))
  const broken: string[] = []
  for (const secret of play.secrets) {
    const own = entries.filter(
      ({ content: { time } }) => time.kind === 'dateTime' && time.startsAt.startsWith(secret.startsAt),
    )
    const isContested = own.some(({ id }) => contested.has(id))
    const found = secret.home === null ? [] : await brokenOfEvent(play, secret, own, isContested)
    broken.push(...found.map((sentence) => `${secret.words[0]}: ${sentence}`))
  }
  return broken
}

async function brokenOfEvent(
  play: PolicyPlay,
  secret: Secret,
  entries: ScheduleEntry[],
  isContested: boolean,
): Promise<string[]> {
  const provider = providerOf(play, secret.home ?? '')
  if (secret.isDeleted) return secret.wasAdmitted ? [] : whoSays(play, secret)
  const event = await readEvent(play, secret)
  const isMarked = event.title.includes(marker)
  const admission = admissionOf(provider, { ...secret, isPrivate: event.isPrivate, isMarked })
  const living = entries.filter(({ deletedAt }) => deletedAt === null)
  const titles = living.map(({ content }) => content.title)
  const broken = event.title === 'Busy' ? ['its own words were overwritten'] : []
  if (living.length > 1) broken.push(`has ${living.length} entries`)
  if (admission !== 'full') {
    broken.push(...(await whoSays(play, secret)))
    if (titles.some((title) => title !== 'Busy')) broken.push(`says ${titles.join()} in the schedule`)
  }
  if (admission !== 'none' && living.length === 0 && !isContested) broken.push('is not in the schedule')
  if (admission === 'full' && !isContested && titles.some((title) => title !== event.title)) {
    broken.push(`says ${titles.join()} in the schedule, ${event.title} in ${provider.vendor}`)
  }
  return [...broken, ...(await brokenCopies(play, secret, titles, isContested))]
}

/** The member's other calendar shows what the schedule has, and no more. */
async function brokenCopies(
  play: PolicyPlay,
  secret: Secret,
  titles: string[],
  isContested: boolean,
): Promise<string[]> {
  const others = play.providers.filter(({ id }) => id !== secret.home)
  const broken: string[] = []
  for (const { vendor, accountEmail } of others) {
    const events = await play.world.control.events(vendor, accountEmail ?? '')
    const copies = events.filter(({ start }) => start.startsWith(secret.startsAt)).map(({ title }) => title)
    if (!isContested && JSON.stringify(copies) !== JSON.stringify(titles))
      broken.push(`is shown as "${copies.join()}" in ${vendor}, as "${titles.join()}" in the schedule`)
  }
  return broken
}

async function readEvent(play: PolicyPlay, secret: Secret): Promise<True> {
  const provider = providerOf(play, secret.home ?? '')
  const person = await personOf(play, provider)
  const path = `${pathOf(provider)}/${await eventIdOf(play, provider, secret)}`
  if (provider.vendor === 'google') {
    const { summary = '', visibility } = await person.send<{ summary?: string; visibility?: string }>(
      'GET',
      path,
    )
    return { title: summary, isPrivate: visibility === 'private' }
  }
  const { subject, sensitivity } = await person.send<{ subject: string; sensitivity: string }>('GET', path)
  return { title: subject, isPrivate: sensitivity === 'private' }
}
