import type { Provider } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import type { ConflictPolicy, Direction } from '../../domain/policy.ts'
import { connectProvider, makeMember, makeTenant } from '../support/world.ts'
import type { Performance } from './attempts.ts'
import { chanceOf } from './chance.ts'
import { beginning, type StagedWorld } from './stage.ts'

/** Where somebody does something: in the schedule, or in the calendar of a provider (its id). */
export type Site = string
export const schedule: Site = 'schedule'

/** One thing that somebody made once: its token begins every title it ever has, wherever it is kept. */
export interface Thing {
  token: string
  /** Where it was made: a meeting is in two calendars of one member. */
  homes: Site[]
  /** The members it was made for. */
  members: string[]
  touches: Touch[]
}

export interface Touch {
  site: Site
  kind: 'renamed' | 'moved' | 'deleted' | 'restored' | 'assigned' | 'decided'
  /** The title it was given. */
  title?: string
  /** The title that a person reviewed and decided against. */
  overruled?: string
}

/** From when on a provider decides conflicts by which policy. */
export interface Switch {
  providerId: string
  conflicts: ConflictPolicy
  atMs: number
}

/** A tenant with two members, each with a Google and an Outlook calendar, and what has happened to them so far. */
export interface Play extends Performance {
  seed: number
  members: string[]
  things: Map<string, Thing>
  switches: Switch[]
  /** Providers whose calendars were connected before. */
  returned: Set<string>
  /** Another tenant that reads calendars of this one's, in some histories. */
  neighbour: Performance | null
}

/** How much a history had to go through. */
export interface Counts {
  /** What people did, on either side. */
  edits: number
  /** Attempts at a step of ours. */
  steps: number
  /** Answers of a vendor that went wrong, and what befell its world. */
  faults: number
  /** Attempts that died, or stood still while another took over. */
  crashes: number
}

export async function openPlay(
  world: StagedWorld,
  seed: number,
  somebodyActs: (play: Play, provider: Provider) => Promise<void>,
): Promise<Play> {
  const chance = chanceOf(seed)
  const tenant = await makeTenant(world)
  const second = await makeMember(world, tenant.tenantId, 'bo@acme.example')
  const play: Play = {
    world,
    seed,
    chance,
    tenantId: tenant.tenantId,
    members: [tenant.memberId, second],
    providers: [],
    things: new Map(),
    switches: [],
    returned: new Set(),
    revoked: new Set(),
    neighbour: null,
    story: [],
    counts: { edits: 0, steps: 0, faults: 0, crashes: 0 },
    nameOf: (providerId) => nameOf(play, providerId),
    somebodyActs: (provider) => somebodyActs(play, provider),
  }
  for (const [index, memberId] of play.members.entries()) {
    for (const vendor of ['google', 'microsoft'] as const) await connect(play, index, memberId, vendor)
  }
  return play
}

async function connect(play: Play, index: number, memberId: string, vendor: Vendor): Promise<void> {
  const { world, tenantId, chance } = play
  const direction = chance.weigh<Direction>([
    [8, 'both'],
    [1, 'inbound'],
    [1, 'outbound'],
  ])
  const conflicts = chance.weigh<ConflictPolicy>([
    [5, 'manual'],
    [1, 'merge-fields'],
    [1, 'prefer-schedule'],
    [1, 'prefer-external'],
  ])
  const email = `${index}@${vendor}.example`
  const settings = { email, direction, policies: { conflicts } }
  const provider = await connectProvider(world, { tenantId, memberId }, vendor, settings)
  play.providers.push(provider)
  play.switches.push({ providerId: provider.id, conflicts, atMs: 0 })
  play.story.push(`${nameOf(play, provider.id)} is ${direction}, and decides conflicts by ${conflicts}`)
}

/** A site as a reader of the story knows it. */
export function nameOf(play: Play, site: Site): string {
  const provider = play.providers.find((candidate) => candidate.id === site)
  return provider ? `${provider.vendor} ${play.members.indexOf(provider.memberId)}` : site
}

/** Wall time at an hour of the day everything happens on, UTC, without its Z: in nine days, so that time can pass before it. */
export const atHour = (hour: number): string =>
  `${new Date(beginning + 9 * 86_400_000).toISOString().slice(0, 10)}T${String(hour).padStart(2, '0')}:00:00`

export const tokenOf = (title: string): string => title.split('.')[0] ?? title

export function makeThing(play: Play, homes: Site[], members: string[]): Thing {
  const thing = { token: `T${play.things.size + 1}`, homes, members, touches: [] }
  play.things.set(thing.token, thing)
  return thing
}

/** Picks something; half of the time what was made last, for trouble comes where several things happen to one. */
export function pickOne<T>({ chance, things }: Play, all: readonly T[], titleOf: (one: T) => string): T {
  const newest = all.filter((one) => Number(tokenOf(titleOf(one)).slice(1)) > things.size - 2)
  return chance.pick(newest.length > 0 && chance.below(2) === 0 ? newest : all)
}

/** Notes what was done to the thing of this title, and answers nothing: people do not look back. */
export function touch(play: Play, title: string, done: Touch): void {
  play.things.get(tokenOf(title))?.touches.push(done)
}

/** A title the thing never had before. */
export const newTitle = (play: Play, title: string): string =>
  `${tokenOf(title)}.${(play.things.get(tokenOf(title))?.touches.length ?? 0) + 1}`

/** Whether a calendar that is connected again has not been seen whole: what is deleted there was deleted while nobody watched. */
export async function isUnseen({ returned, world }: Play, providerId: string): Promise<boolean> {
  if (!returned.has(providerId)) return false
  const seen = await world.database.owner`
    select 1 from cursors where provider_id = ${providerId} and cursor is not null`
  return seen.length === 0
}
