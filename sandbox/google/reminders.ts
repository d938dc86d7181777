import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import type { State } from '../state.ts'
import { GoogleError, invalid } from './errors.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleEvent } from './types.ts'

type Reminders = NonNullable<GoogleEvent['reminders']>
type Reminder = calendar_v3.Schema$EventReminder

const overridesMax = 5
const minutesMax = 40_320

/**
 * The reminders of an event as Google keeps them: other ways than mail and pop-up are dropped, the same one comes once, and
 * times that are too far off are drawn in.
 */
export function keptReminders(state: State, wished: Reminders | null | undefined): Reminders {
  if (!wished) return { useDefault: true }
  const overrides = wished.overrides ?? []
  if (overrides.length > overridesMax) {
    const message = 'The maximum number of override reminders has been exceeded.'
    throw new GoogleError(400, 'eventRemindersCountExceedsLimit', message, { domain: 'calendar' })
  }
  if (wished.useDefault === true && overrides.length > 0) {
    const message = 'Cannot specify both default reminders and overrides at the same time.'
    const reason = 'cannotUseDefaultRemindersAndSpecifyOverride'
    throw new GoogleError(400, reason, message, { domain: 'calendar' })
  }
  const kept = new Map<string, Reminder>()
  for (const reminder of overrides) {
    const { method } = reminder
    if (method !== 'email' && method !== 'popup') continue
    const minutes = minutesOf(state, reminder)
    kept.set(`${method} ${minutes}`, { method, minutes })
  }
  const useDefault = wished.useDefault ?? false
  return kept.size === 0 ? { useDefault } : { useDefault, overrides: [...kept.values()] }
}

function minutesOf(state: State, { minutes }: Reminder): number {
  if (minutes === undefined || minutes === null)
    throw new GoogleError(400, 'required', 'Missing reminder minutes.')
  if (minutes >= 0 && minutes <= minutesMax) return minutes
  if (googleSwitch(state, 'reminderOutOfRange') === 'refused')
    throw invalid('Invalid reminder minutes.', 'reminders.overrides.minutes')
  return Math.min(Math.max(minutes, 0), minutesMax)
}
