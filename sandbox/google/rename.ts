import type { World } from '../world.ts'
import type { AclEntry, GoogleAccount, ListEntry } from './types.ts'

/**
 * Gives an account another address. Its primary calendar has the new one as its id; sync tokens of the old id are void.
 */
export function renameGoogle(world: World, account: GoogleAccount, to: string): void {
  const { email } = account
  const { google, calendarLists, acls, settings, groups, channels, removedCalendars } = world.state
  const address = (text: string): string => (text === email ? to : text)

  const calendars = [...account.calendars.values()].map((calendar) => ({
    ...calendar,
    id: address(calendar.id),
    name: address(calendar.name),
    owner: address(calendar.owner),
  }))
  google.delete(email)
  google.set(to, { ...account, email: to, calendars: new Map(calendars.map((one) => [one.id, one])) })

  for (const [owner, entries] of calendarLists.entries().toArray()) {
    calendarLists.delete(owner)
    calendarLists.set(
      address(owner),
      entries.map((entry) => entryOf(entry, address)),
    )
  }
  for (const [calendarId, rules] of acls.entries().toArray()) {
    acls.delete(calendarId)
    acls.set(
      address(calendarId),
      rules.map((rule) => ruleOf(rule, email, to)),
    )
  }
  const changed = settings.get(email)
  if (changed !== undefined) settings.set(to, changed)
  settings.delete(email)
  for (const [group, members] of groups) groups.set(group, members.map(address))
  for (const [id, owner] of removedCalendars) removedCalendars.set(id, address(owner))
  for (const [key, channel] of channels)
    channels.set(key, { ...channel, email: address(channel.email), of: address(channel.of) })
}

function entryOf(entry: ListEntry, address: (text: string) => string): ListEntry {
  const { resource } = entry
  return {
    ...entry,
    id: address(entry.id),
    resource: {
      ...resource,
      id: address(resource.id),
      ...(resource.summary ? { summary: address(resource.summary) } : {}),
      ...(resource.dataOwner ? { dataOwner: address(resource.dataOwner) } : {}),
    },
  }
}

function ruleOf(rule: AclEntry, email: string, to: string): AclEntry {
  if (rule.id !== `user:${email}`) return rule
  const id = `user:${to}`
  return { ...rule, id, resource: { ...rule.resource, id, scope: { type: 'user', value: to } } }
}
