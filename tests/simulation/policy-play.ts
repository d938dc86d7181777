import type { Provider } from '../../db/providers.ts'
import { defaultPolicies, type ProviderPolicies } from '../../domain/policy.ts'
import { timedFromInstants } from '../../domain/time.ts'
import { asPerson } from '../support/sandbox-control.ts'
import { connectProvider, makeTenant } from '../support/world.ts'
import type { Performance } from './attempts.ts'
import { chanceOf } from './chance.ts'
import { changeEntry, entriesOf, insertEntry, plainContent } from './schedule.ts'
import { changeProvider } from './settings.ts'
import { beginning, type StagedWorld } from './stage.ts'

/** One member with a Google and an Outlook calendar, each under a policy of what enters, which is switched. */
export interface PolicyPlay extends Performance {
  memberId: string
  secrets: Secret[]
}

/** An event that somebody made in a calendar, or an entry of the schedule; each has a time of its own. */
export interface Secret {
  number: number
  /** The provider whose calendar it was made in; null for an entry. */
  home: string | null
  startsAt: string
  /** Every word that was ever typed for it. */
  words: string[]
  isPrivate: boolean
  isMarked: boolean
  kind: 'default' | 'outOfOffice'
  isDeleted: boolean
  /** Whether it ever carried words that the policy of the moment let in. */
  wasAdmitted: boolean
}

export const marker = '#work'

export async function openPolicyPlay(world: StagedWorld, seed: number): Promise<PolicyPlay> {
  const tenant = await makeTenant(world)
  const play: PolicyPlay = {
    world,
    chance: chanceOf(seed),
    tenantId: tenant.tenantId,
    memberId: tenant.memberId,
    providers: [],
    secrets: [],
    story: [],
    counts: { edits: 0, steps: 0, faults: 0, crashes: 0 },
    revoked: new Set(),
    nameOf: (id) => play.providers.find((provider) => provider.id === id)?.vendor ?? id,
    somebodyActs: () => somebodyActs(play),
  }
  for (const vendor of ['google', 'microsoft'] as const) {
    const settings = { email: `dana@${vendor}.example`, policies: play.chance.pick(choices) }
    play.providers.push(await connectProvider(world, tenant, vendor, settings))
  }
  for (const provider of play.providers) play.story.push(saidOf(play, provider))
  return play
}

type Choice = Pick<ProviderPolicies, 'enters' | 'marker' | 'privateEvents' | 'eventTypes'>
const { eventTypes } = defaultPolicies
const choices: readonly Choice[] = [
  { enters: 'all', marker: null, privateEvents: 'busy', eventTypes },
  { enters: 'all', marker: null, privateEvents: 'busy', eventTypes },
  { enters: 'all', marker: null, privateEvents: 'full', eventTypes },
  { enters: 'all', marker: null, privateEvents: 'busy', eventTypes: ['default'] },
  { enters: 'marked', marker, privateEvents: 'busy', eventTypes },
  { enters: 'busy-only', marker: null, privateEvents: 'busy', eventTypes },
  { enters: 'none', marker: null, privateEvents: 'busy', eventTypes },
]

/** An operator lets more or less of a calendar enter. */
export async function switchPolicy(play: PolicyPlay): Promise<void> {
  const { id } = play.chance.pick(play.providers)
  const provider = providerOf(play, id)
  await changeProvider(play, provider, { policies: play.chance.pick(choices) })
  play.story.push(saidOf(play, providerOf(play, id)))
  for (const secret of play.secrets) noteAdmission(play, secret)
}

function saidOf(play: PolicyPlay, { id, policies }: Provider): string {
  const { enters, privateEvents, eventTypes: types } = policies
  return `${play.nameOf(id)} lets in ${enters}, private events ${privateEvents}, ${types.length} kinds`
}

/** How much of an event enters, by the words of the policy and nothing of the product's. */
export function admissionOf(
  { policies }: Provider,
  { kind, isPrivate, isMarked }: Pick<Secret, 'kind' | 'isPrivate' | 'isMarked'>,
): 'full' | 'busy' | 'none' {
  if (policies.enters === 'none' || !policies.eventTypes.includes(kind)) return 'none'
  if (policies.enters === 'marked' && !isMarked) return 'none'
  if (policies.enters === 'busy-only') return 'busy'
  return isPrivate && policies.privateEvents === 'busy' ? 'busy' : 'full'
}

function noteAdmission(play: PolicyPlay, secret: Secret): void {
  if (secret.home === null || secret.isDeleted) return
  if (admissionOf(providerOf(play, secret.home), secret) === 'full') secret.wasAdmitted = true
}

export function providerOf(play: PolicyPlay, id: string): Provider {
  const provider = play.providers.find((one) => one.id === id)
  if (!provider) throw new Error('There is no such provider.')
  return provider
}

const somebodyActs = (play: PolicyPlay): Promise<void> =>
  play.chance.below(3) === 0 ? actInSchedule(play) : actInCalendar(play)

/** A word that nothing else holds; its end keeps it from being a part of the next one. */
function newWord({ number, words }: Secret): string {
  const word = `Clinic${number}n${words.length}z`
  words.push(word)
  return word
}

/** Half an hour that nothing else begins at. */
function newStart({ secrets }: PolicyPlay): string {
  return new Date(beginning + 9 * 86_400_000 + secrets.length * 1_800_000).toISOString().slice(0, 19)
}

/** Somebody makes an event in a calendar, changes its words or who may see them, or deletes it. */
export async function actInCalendar(play: PolicyPlay): Promise<void> {
  const { chance, story } = play
  play.counts.edits++
  const act = chance.weigh<'make' | 'rename' | 'hide' | 'mark' | 'delete'>([
    [4, 'make'],
    [4, 'rename'],
    [3, 'hide'],
    [2, 'mark'],
    [1, 'delete'],
  ])
  const alive = play.secrets.filter(({ home, isDeleted }) => home !== null && !isDeleted)
  if (act === 'make' || alive.length === 0) return makeInCalendar(play)
  const secret = chance.pick(alive)
  const provider = providerOf(play, secret.home ?? '')
  const person = await personOf(play, provider)
  const path = `${pathOf(provider)}/${await eventIdOf(play, provider, secret)}`
  story.push(`${act}: ${secret.words[0]} in ${play.nameOf(provider.id)}`)
  if (act === 'delete') {
    await person.send('DELETE', path)
    secret.isDeleted = true
    return
  }
  if (act === 'hide') secret.isPrivate = !secret.isPrivate
  if (act === 'mark') secret.isMarked = !secret.isMarked
  const isSaid = act !== 'hide'
  const words = isSaid ? wordsOf(provider, secret) : {}
  await person.send('PATCH', path, { ...words, ...(act === 'hide' && privacyOf(provider, secret)) })
  noteAdmission(play, secret)
}

async function makeInCalendar(play: PolicyPlay): Promise<void> {
  const { chance } = play
  const provider = chance.pick(play.providers)
  const secret: Secret = {
    home: provider.id,
    number: play.secrets.length,
    startsAt: newStart(play),
    words: [],
    isPrivate: chance.below(3) === 0,
    isMarked: chance.below(2) === 0,
    kind: provider.vendor === 'google' && chance.below(5) === 0 ? 'outOfOffice' : 'default',
    isDeleted: false,
    wasAdmitted: false,
  }
  play.secrets.push(secret)
  const end = new Date(Date.parse(`${secret.startsAt}Z`) + 1_800_000).toISOString().slice(0, 19)
  const person = await personOf(play, provider)
  await person.send('POST', pathOf(provider), {
    ...wordsOf(provider, secret),
    ...privacyOf(provider, secret),
    ...(secret.kind === 'outOfOffice' && {
      eventType: 'outOfOffice',
      outOfOfficeProperties: { autoDeclineMode: 'declineNone' },
    }),
    start: timeAt(provider, secret.startsAt),
    end: timeAt(provider, end),
  })
  const how = [secret.isPrivate && 'private', secret.isMarked && 'marked', secret.kind].filter(Boolean)
  play.story.push(`${secret.words[0]} is made in ${play.nameOf(provider.id)}: ${how.join(', ')}`)
  noteAdmission(play, secret)
}

/** New words for an event, in the vendor's names. An event of Google's own kinds has no description. */
function wordsOf({ vendor }: Provider, secret: Secret): object {
  const title = `${newWord(secret)}${secret.isMarked ? ` ${marker}` : ''}`
  if (vendor === 'google') {
    return { summary: title, ...(secret.kind === 'default' && { description: newWord(secret) }) }
  }
  return { subject: title, body: { contentType: 'text', content: newWord(secret) } }
}

const privacyOf = ({ vendor }: Provider, { isPrivate }: Secret): object =>
  vendor === 'google'
    ? { visibility: isPrivate ? 'private' : 'default' }
    : { sensitivity: isPrivate ? 'private' : 'normal' }

const timeAt = ({ vendor }: Provider, time: string): object => ({
  dateTime: vendor === 'google' ? `${time}Z` : time,
  timeZone: 'UTC',
})

export const pathOf = ({ vendor }: Provider): string =>
  vendor === 'google' ? '/calendar/v3/calendars/primary/events' : '/v1.0/me/events'

/** The vendor's id of now: a mailbox that moves gives its events others. */
export async function eventIdOf(
  { world }: PolicyPlay,
  { vendor, accountEmail }: Provider,
  { startsAt }: Secret,
): Promise<string> {
  const events = await world.control.events(vendor, accountEmail ?? '')
  const event = events.find(({ start }) => start.startsWith(startsAt))
  if (!event) throw new Error('The event is not in its calendar.')
  return event.id
}

export async function personOf({ world }: PolicyPlay, { vendor, accountEmail }: Provider) {
  return asPerson(world.sandbox.url, vendor, await world.control.token(vendor, accountEmail ?? ''))
}

/** Somebody makes an entry, or renames one whose words the schedule has. */
export async function actInSchedule(play: PolicyPlay): Promise<void> {
  const { chance, story } = play
  play.counts.edits++
  const entries = (await entriesOf(play)).filter(
    ({ deletedAt, content }) => deletedAt === null && content.title !== 'Busy',
  )
  if (entries.length === 0 || chance.below(3) === 0) return makeInSchedule(play)
  const entry = chance.pick(entries)
  const { time, title } = entry.content
  const startsAt = time.kind === 'dateTime' ? time.startsAt.slice(0, 19) : ''
  const secret = play.secrets.find((one) => one.startsAt === startsAt)
  if (!secret) throw new Error('An entry is nobody’s.')
  const isMarked = title.includes(marker)
  const renamed = `${newWord(secret)}${isMarked ? ` ${marker}` : ''}`
  story.push(`${title} is renamed ${renamed} in the schedule`)
  await changeEntry(play, entry, { title: renamed }, false)
}

async function makeInSchedule(play: PolicyPlay): Promise<void> {
  const secret: Secret = {
    home: null,
    number: play.secrets.length,
    startsAt: newStart(play),
    words: [],
    isPrivate: false,
    isMarked: false,
    kind: 'default',
    isDeleted: false,
    wasAdmitted: true,
  }
  play.secrets.push(secret)
  const title = newWord(secret)
  const endsAt = new Date(Date.parse(`${secret.startsAt}Z`) + 1_800_000).toISOString()
  const time = timedFromInstants(`${secret.startsAt}Z`, endsAt, 'Europe/Berlin')
  await insertEntry(play, plainContent(title, time), [play.memberId])
  play.story.push(`${title} is made in the schedule`)
}
