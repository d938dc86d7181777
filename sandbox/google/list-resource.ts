import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { isObject, type JsonObject } from '../json.ts'
import { invalid } from './errors.ts'
import { colorsOf, nearestColorId, type Colors } from './palette.ts'

type Resource = calendar_v3.Schema$CalendarListEntry

/** What a write says of an entry; null takes a field away, an absent one leaves it. */
export type EntryWish = {
  [N in 'summaryOverride' | 'hidden' | 'selected' | 'notificationSettings']?: Resource[N] | null
} & { defaultReminders?: calendar_v3.Schema$EventReminder[] } & Partial<Colors>

/** The writable fields in the body of a calendarList write; what is read-only in it is passed over. */
export function readEntry(body: unknown, isRgb: boolean): EntryWish {
  if (!isObject(body)) throw invalid('Invalid request body.')
  return {
    ...summaryOverride(body),
    ...flag(body, 'hidden'),
    ...flag(body, 'selected'),
    ...(isRgb ? rgbColors(body) : paletteColors(body)),
    ...reminders(body),
    ...notifications(body),
  }
}

function summaryOverride({ summaryOverride: value }: JsonObject): EntryWish {
  if (value === undefined) return {}
  if (value !== null && typeof value !== 'string') throw invalid('Invalid value for: summaryOverride')
  return { summaryOverride: value || null }
}

/** A flag that is false is not told of. */
function flag(body: JsonObject, name: 'hidden' | 'selected'): EntryWish {
  const value = body[name]
  if (value === undefined) return {}
  if (value !== null && typeof value !== 'boolean') throw invalid(`Invalid value for: ${name}`)
  return { [name]: value || null }
}

function paletteColors({ colorId }: JsonObject): Partial<Colors> {
  if (colorId === undefined || colorId === null) return {}
  const colors = typeof colorId === 'string' ? colorsOf(colorId) : undefined
  if (colors === undefined) throw invalid('Invalid color id value.')
  return colors
}

/** With `colorRgbFormat` the colours are as given, and the id that of the nearest in the palette. */
function rgbColors(body: JsonObject): Partial<Colors> {
  const { backgroundColor, foregroundColor } = body
  if (backgroundColor === undefined && foregroundColor === undefined) return paletteColors(body)
  for (const color of [backgroundColor, foregroundColor]) {
    if (color !== undefined && (typeof color !== 'string' || !/^#[0-9a-f]{6}$/i.test(color)))
      throw invalid('Invalid RGB color value.')
  }
  return {
    ...(typeof backgroundColor === 'string'
      ? { backgroundColor, colorId: nearestColorId(backgroundColor) }
      : {}),
    ...(typeof foregroundColor === 'string' ? { foregroundColor } : {}),
  }
}

function reminders({ defaultReminders: given }: JsonObject): EntryWish {
  if (given === undefined) return {}
  if (given === null) return { defaultReminders: [] }
  if (!Array.isArray(given) || given.length > 5) throw invalid('Invalid value for: defaultReminders')
  return {
    defaultReminders: given.map((reminder: unknown) => {
      const { method, minutes } = isObject(reminder) ? reminder : {}
      const isMinutes =
        typeof minutes === 'number' && Number.isInteger(minutes) && minutes >= 0 && minutes <= 40_320
      if ((method !== 'email' && method !== 'popup') || !isMinutes)
        throw invalid('Invalid value for: defaultReminders')
      return { method, minutes }
    }),
  }
}

const notificationTypes = ['eventCreation', 'eventChange', 'eventCancellation', 'eventResponse', 'agenda']

function notifications({ notificationSettings: settings }: JsonObject): EntryWish {
  if (settings === undefined) return {}
  if (settings === null) return { notificationSettings: null }
  const given = isObject(settings) ? (settings['notifications'] ?? []) : undefined
  if (!Array.isArray(given)) throw invalid('Invalid value for: notificationSettings')
  const read = given.map((one: unknown) => {
    const { type, method } = isObject(one) ? one : {}
    if (typeof type !== 'string' || !notificationTypes.includes(type) || method !== 'email')
      throw invalid('Invalid value for: notificationSettings')
    return { type, method }
  })
  return { notificationSettings: read.length === 0 ? null : { notifications: read } }
}
