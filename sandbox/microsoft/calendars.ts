import { newMicrosoftCalendarId, primaryOf } from '../accounts.ts'
import { createEventLog } from '../event-log.ts'
import { textOf, type JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { accessDenied, GraphError, invalidRequest } from './errors.ts'
import { announceCalendar } from './notifications.ts'
import { deserialise } from './odata/deserialise.ts'
import { calendarType } from './odata/mailbox-types.ts'
import { newChangeKey } from './store.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from './types.ts'

/** Makes a calendar of the mailbox's own, in a group. */
export function createCalendar(
  world: World,
  account: MicrosoftAccount,
  groupId: string | undefined,
  sent: unknown,
): MicrosoftCalendar {
  const wish = wishOf(sent)
  const name = nameOf(wish)
  if (name === undefined) throw invalidRequest('The calendar must have a name.')
  checkName(world, account, name, undefined)
  return addCalendar(world, account, {
    name,
    ...colourOf(wish),
    ...(groupId === undefined ? {} : { groupId }),
  })
}

/** Puts a new calendar into a mailbox, unasked whether it may. */
export function addCalendar(
  world: World,
  account: MicrosoftAccount,
  facts: Partial<MicrosoftCalendar> & { name: string },
): MicrosoftCalendar {
  const calendar: MicrosoftCalendar = {
    primary: false,
    timeZone: account.timeZone,
    changeKey: newChangeKey(world),
    ...facts,
    id: newMicrosoftCalendarId(world),
    log: createEventLog(),
  }
  account.calendars.set(calendar.id, calendar)
  return calendar
}

export function patchCalendar(
  world: World,
  account: MicrosoftAccount,
  calendar: MicrosoftCalendar,
  sent: unknown,
): MicrosoftCalendar {
  const wish = wishOf(sent)
  if (calendar.canEdit === false) throw accessDenied()
  const name = nameOf(wish)
  if (name !== undefined) checkName(world, account, name, calendar)
  const isMadeDefault = wish['isDefaultCalendar'] === true && !calendar.primary
  const before = primaryOf(account)
  if (isMadeDefault && before !== undefined) changeCalendar(world, account, before, { primary: false })
  return changeCalendar(world, account, calendar, {
    ...(name === undefined ? {} : { name }),
    ...colourOf(wish),
    ...(isMadeDefault ? { primary: true } : {}),
  })
}

/** Puts a changed calendar in the place of the old one; nothing happens when nothing changes. */
export function changeCalendar(
  world: World,
  account: MicrosoftAccount,
  calendar: MicrosoftCalendar,
  facts: Partial<Omit<MicrosoftCalendar, 'id' | 'log'>>,
): MicrosoftCalendar {
  const isSame = Object.entries(facts).every(([name, value]) => Reflect.get(calendar, name) === value)
  if (isSame) return calendar
  const changed = { ...calendar, ...facts, changeKey: newChangeKey(world) }
  account.calendars.set(calendar.id, changed)
  announceCalendar(world, account, 'updated', changed)
  return changed
}

/** Removes a calendar with its events; the default one stays. */
export function deleteCalendar(world: World, account: MicrosoftAccount, calendar: MicrosoftCalendar): void {
  if (calendar.primary) {
    throw new GraphError(400, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.')
  }
  removeCalendar(world, account, calendar)
}

export function removeCalendar(world: World, account: MicrosoftAccount, calendar: MicrosoftCalendar): void {
  account.calendars.delete(calendar.id)
  account.removed.set(calendar.id, calendar)
  world.state.removedCalendars.set(calendar.id, account.email)
  announceCalendar(world, account, 'deleted', calendar)
}

/** Brings a removed calendar back with the ids it and its events had. */
export function restoreCalendar(
  world: World,
  account: MicrosoftAccount,
  id: string,
): MicrosoftCalendar | undefined {
  const calendar = account.removed.get(id)
  if (calendar === undefined) return undefined
  account.removed.delete(id)
  account.calendars.set(id, calendar)
  world.state.removedCalendars.delete(id)
  return calendar
}

function wishOf(sent: unknown): JsonObject {
  if (sent === undefined || sent === null) throw invalidRequest('Empty Payload. JSON content expected.')
  return deserialise(sent, calendarType, 'refused')
}

function nameOf(wish: JsonObject): string | undefined {
  if (wish['name'] === undefined) return undefined
  const name = textOf(wish['name'])?.trim()
  if (!name || name.length > 255) throw invalidRequest('The name of a calendar has 1 to 255 characters.')
  return name
}

function colourOf(wish: JsonObject): Partial<MicrosoftCalendar> {
  const color = textOf(wish['color'])
  const hexColor = textOf(wish['hexColor'])
  return { ...(color === undefined ? {} : { color }), ...(hexColor === undefined ? {} : { hexColor }) }
}

/** Two folders beside each other have two names, whatever their case. */
function checkName(
  world: World,
  account: MicrosoftAccount,
  name: string,
  own: MicrosoftCalendar | undefined,
): void {
  const isTaken = [...account.calendars.values()].some(
    (other) => other.id !== own?.id && other.name.toLowerCase() === name.toLowerCase(),
  )
  if (!isTaken) return
  const message = `A folder with the specified name already exists., Could not create folder '${name}'.`
  throw new GraphError(microsoftSwitch(world.state, 'folderExistsStatus'), 'ErrorFolderExists', message)
}
