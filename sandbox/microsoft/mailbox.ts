import { createHash } from 'node:crypto'
import type { World } from '../world.ts'
import { windowsZoneOf } from '../zones.ts'
import type { CalendarGroup, Category, MailboxFacts, MailboxSettings, MicrosoftAccount } from './types.ts'

/** What a mailbox has beside its calendars; nothing is kept of one whose owner never changed any of it. */
export function mailboxFacts(world: World, account: MicrosoftAccount): MailboxFacts {
  return (
    world.state.mailboxes.get(account.subject) ?? {
      groups: firstGroups(account),
      categories: firstCategories(account),
      settings: firstSettings(account),
    }
  )
}

export function changeMailbox(
  world: World,
  account: MicrosoftAccount,
  changes: Partial<MailboxFacts>,
): MailboxFacts {
  const changed = { ...mailboxFacts(world, account), ...changes }
  world.state.mailboxes.set(account.subject, changed)
  return changed
}

/** A text that is the same each time it is made for the same thing. */
function hashed(account: MicrosoftAccount, name: string): string {
  return createHash('sha256').update(`${account.subject} ${name}`).digest('hex')
}

function firstGroups(account: MicrosoftAccount): CalendarGroup[] {
  const classes = [
    ['My Calendars', '0006f0b7-0000-0000-c000-000000000046'],
    ['Other Calendars', '0006f0b8-0000-0000-c000-000000000046'],
  ] as const
  return classes.map(([name, classId]) => ({
    id: `AQMkADGr${hashed(account, name).slice(0, 40)}AAA=`,
    name,
    classId,
    changeKey: 'AAAAAAAAAAA=',
  }))
}

function firstCategories(account: MicrosoftAccount): Category[] {
  const colours = { Red: 0, Orange: 1, Yellow: 3, Green: 4, Blue: 7, Purple: 8 }
  return Object.entries(colours).map(([colour, preset]) => {
    const displayName = `${colour} category`
    const text = hashed(account, displayName)
    const id = [8, 4, 4, 4, 12].reduce<{ rest: string; parts: string[] }>(
      ({ rest, parts }, length) => ({ rest: rest.slice(length), parts: [...parts, rest.slice(0, length)] }),
      { rest: text, parts: [] },
    )
    return { id: id.parts.join('-'), displayName, color: `preset${preset}` }
  })
}

function firstSettings({ timeZone }: MicrosoftAccount): MailboxSettings {
  return {
    timeZone: windowsZoneOf(timeZone),
    language: { locale: 'en-US', displayName: 'English (United States)' },
    dateFormat: 'M/d/yyyy',
    timeFormat: 'h:mm tt',
    delegateMeetingMessageDeliveryOptions: 'sendToDelegateOnly',
    workingHours: {
      daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      startTime: '08:00:00.0000000',
      endTime: '17:00:00.0000000',
      timeZone: { name: windowsZoneOf(timeZone) },
    },
  }
}

/** The group a calendar stands in: that of its owner's own unless another was chosen. */
export function groupOf(facts: MailboxFacts, groupId: string | undefined): CalendarGroup | undefined {
  return facts.groups.find(({ id }) => id === groupId) ?? facts.groups[0]
}
