import type { Event } from '@microsoft/microsoft-graph-types'
import { base64url } from '../random.ts'
import { personalTenantId } from '../oauth/tenants.ts'
import type { World } from '../world.ts'
import { bodyWith } from './body.ts'
import type { EventBody } from './resource.ts'
import { microsoftSwitch } from './switches.ts'

/** Nobody can meet online there. */
const offline: Event = { isOnlineMeeting: false, onlineMeetingProvider: 'unknown', onlineMeeting: null }

/**
 * What a write does to the online meeting of an event. Once there is one it stays, whatever is said of it, unless the
 * body loses the link to join: then the meeting is broken.
 */
export function onlineMeetingOf(
  world: World,
  body: EventBody,
  before: Event,
  chosen: Event,
  copy: string,
): Event {
  const address = before.onlineMeeting?.joinUrl
  if (before.isOnlineMeeting && address) {
    const isBroken = chosen.body !== undefined && !chosen.body?.content?.includes(address)
    return isBroken ? offline : {}
  }
  const isNew = before.createdDateTime === undefined
  if (body.isOnlineMeeting !== true && !(isNew && isAddedAnyway(world, body))) return {}
  const provider = body.onlineMeetingProvider ?? 'unknown'
  const joinUrl = newAddress(world)
  return {
    isOnlineMeeting: true,
    onlineMeetingProvider: provider === 'unknown' ? 'teamsForBusiness' : provider,
    onlineMeeting: { joinUrl },
    ...bodyWith(chosen.body ?? before.body, joinBlock(joinUrl), copy),
  }
}

/** A mailbox can be set up to make every new meeting an online one, even when told not to. */
function isAddedAnyway(world: World, { attendees }: EventBody): boolean {
  const policy = microsoftSwitch(world.state, 'addsOnlineMeeting')
  return policy === 'always' || (policy === 'toMeetings' && (attendees ?? []).length > 0)
}

function newAddress(world: World): string {
  const thread = `19%3ameeting_${world.random.text(48, base64url)}%40thread.v2`
  const context = `%7b%22Tid%22%3a%22${personalTenantId}%22%2c%22Oid%22%3a%22${world.random.uuid()}%22%7d`
  return `https://teams.microsoft.com/l/meetup-join/${thread}/0?context=${context}`
}

/** The part of the body people join by, between rows of underscores. */
function joinBlock(address: string): string {
  const row = `<div><span>${'_'.repeat(80)}</span></div>`
  const link = `<a href="${address}">Join the meeting now</a>`
  return `<br>\r\n${row}\r\n<div><span>Microsoft Teams meeting</span></div>\r\n<div>${link}</div>\r\n${row}\r\n`
}
