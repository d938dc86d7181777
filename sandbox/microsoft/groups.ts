import { textOf } from '../json.ts'
import type { World } from '../world.ts'
import { GraphError, invalidRequest, itemNotFound } from './errors.ts'
import { changeMailbox, groupOf, mailboxFacts } from './mailbox.ts'
import { deserialise } from './odata/deserialise.ts'
import { groupType } from './odata/mailbox-types.ts'
import { newChangeKey } from './store.ts'
import type { CalendarGroup, MailboxFacts, MicrosoftAccount } from './types.ts'

/** How many groups every mailbox has from the start and keeps. */
const lastingGroups = 2

/** A group by its id; without one it is that of the mailbox's own calendars. */
export function findGroup(facts: MailboxFacts, id: string | undefined): CalendarGroup {
  const group = id === undefined ? facts.groups[0] : facts.groups.find((one) => one.id === id)
  if (group === undefined) throw itemNotFound()
  return group
}

export function createGroup(world: World, account: MicrosoftAccount, sent: unknown): CalendarGroup {
  const facts = mailboxFacts(world, account)
  const name = nameOf(facts, sent, undefined)
  if (name === undefined) throw invalidRequest('The calendar group must have a name.')
  const group = {
    id: `AQMkADGr${world.random.text(40, '0123456789abcdef')}AAA=`,
    name,
    classId: world.random.uuid(),
    changeKey: newChangeKey(world),
  }
  changeMailbox(world, account, { groups: [...facts.groups, group] })
  return group
}

export function patchGroup(
  world: World,
  account: MicrosoftAccount,
  group: CalendarGroup,
  sent: unknown,
): CalendarGroup {
  const facts = mailboxFacts(world, account)
  const name = nameOf(facts, sent, group)
  if (name === undefined || name === group.name) return group
  const changed = { ...group, name, changeKey: newChangeKey(world) }
  changeMailbox(world, account, { groups: facts.groups.map((one) => (one.id === group.id ? changed : one)) })
  return changed
}

/** Removes a group that is empty and not one of those every mailbox has. */
export function deleteGroup(world: World, account: MicrosoftAccount, group: CalendarGroup): void {
  const facts = mailboxFacts(world, account)
  if (facts.groups.findIndex(({ id }) => id === group.id) < lastingGroups)
    throw new GraphError(400, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.')
  const isUsed = [...account.calendars.values()].some(
    ({ groupId }) => groupOf(facts, groupId)?.id === group.id,
  )
  if (isUsed) {
    const message = 'The calendar group cannot be deleted because it is not empty.'
    throw new GraphError(400, 'ErrorCalendarGroupNotEmpty', message)
  }
  changeMailbox(world, account, { groups: facts.groups.filter(({ id }) => id !== group.id) })
}

function nameOf(facts: MailboxFacts, sent: unknown, own: CalendarGroup | undefined): string | undefined {
  if (sent === undefined || sent === null) throw invalidRequest('Empty Payload. JSON content expected.')
  const wish = deserialise(sent, groupType, 'refused')
  if (wish['name'] === undefined) return undefined
  const name = textOf(wish['name'])?.trim()
  if (!name || name.length > 255)
    throw invalidRequest('The name of a calendar group has 1 to 255 characters.')
  const isTaken = facts.groups.some(
    (other) => other.id !== own?.id && other.name.toLowerCase() === name.toLowerCase(),
  )
  if (isTaken)
    throw new GraphError(400, 'ErrorFolderExists', 'A folder with the specified name already exists.')
  return name
}
