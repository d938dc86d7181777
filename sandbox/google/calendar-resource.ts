import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { isObject, textOf, type JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { isIanaZone } from '../zones.ts'
import { GoogleError, invalid } from './errors.ts'
import type { CalendarFacts } from './types.ts'

type Wish = Partial<
  Pick<CalendarFacts, 'name' | 'description' | 'location' | 'timeZone' | 'conferenceTypes' | 'eventLabels'>
>

/** A calendar as `calendars` answers it. */
export function renderCalendar(calendar: CalendarFacts): calendar_v3.Schema$Calendar & { etag: string } {
  const { description, location, eventLabels } = calendar
  return {
    kind: 'calendar#calendar',
    etag: calendar.etag,
    id: calendar.id,
    summary: calendar.name,
    ...(description === null ? {} : { description }),
    ...(location === null ? {} : { location }),
    timeZone: calendar.timeZone,
    conferenceProperties: { allowedConferenceSolutionTypes: [...calendar.conferenceTypes] },
    ...(eventLabels.length === 0 ? {} : { labelProperties: { eventLabels: [...eventLabels] } }),
    ...(calendar.primary ? {} : { dataOwner: calendar.owner }),
  }
}

/** What the body of a write says of a calendar; what is read-only in it is passed over. */
export function readCalendar(world: World, body: unknown, { isWhole }: { isWhole: boolean }): Wish {
  if (!isObject(body)) throw invalid('Invalid request body.')
  const { summary, timeZone, conferenceProperties, labelProperties } = body
  if (summary === null || summary === '' || (isWhole && summary === undefined))
    throw new GoogleError(400, 'required', 'Missing title.')
  if (summary !== undefined && typeof summary !== 'string') throw invalid('Invalid value for: summary')
  if (timeZone !== undefined && timeZone !== null) {
    if (typeof timeZone !== 'string') throw invalid('Invalid value for: timeZone')
    if (!isIanaZone(timeZone)) throw invalid(`Invalid time zone definition: ${timeZone}`)
  }
  return {
    ...(summary === undefined ? {} : { name: summary }),
    ...(typeof timeZone === 'string' ? { timeZone } : {}),
    ...clearable(body, 'description'),
    ...clearable(body, 'location'),
    ...(isObject(conferenceProperties) ? conferenceTypes(conferenceProperties) : {}),
    ...(isObject(labelProperties) ? eventLabels(world, labelProperties) : {}),
  }
}

function clearable<N extends string>(body: JsonObject, name: N): Partial<Record<N, string | null>> {
  const value = body[name]
  if (value === undefined) return {}
  if (value !== null && typeof value !== 'string') throw invalid(`Invalid value for: ${name}`)
  const record: Partial<Record<N, string | null>> = {}
  record[name] = value === '' ? null : value
  return record
}

function conferenceTypes({ allowedConferenceSolutionTypes: types }: JsonObject): Wish {
  if (types === undefined || types === null) return {}
  const known = ['eventHangout', 'eventNamedHangout', 'hangoutsMeet']
  if (!Array.isArray(types) || !types.every((type) => known.includes(type)))
    throw invalid('Invalid value for: allowedConferenceSolutionTypes')
  return { conferenceTypes: types }
}

/** Given labels take the place of all that were there; a new one gets an id. */
function eventLabels(world: World, { eventLabels: labels }: JsonObject): Wish {
  if (labels === undefined || labels === null) return {}
  if (!Array.isArray(labels)) throw invalid('Invalid value for: eventLabels')
  const read = labels.map((label: unknown) => labelOf(world, label))
  if (new Set(read.map(({ id }) => id)).size < read.length) throw invalid('Invalid value for: eventLabels')
  return { eventLabels: read }
}

function labelOf(world: World, label: unknown): calendar_v3.Schema$EventLabel {
  const { id, name, backgroundColor } = isObject(label) ? label : {}
  const isColor = typeof backgroundColor === 'string' && /^#[0-9a-f]{6}$/i.test(backgroundColor)
  const text = textOf(name)
  if (!isColor || (text?.length ?? 0) > 50) throw invalid('Invalid value for: eventLabels')
  return { id: textOf(id) ?? world.random.uuid(), ...(text ? { name: text } : {}), backgroundColor }
}
