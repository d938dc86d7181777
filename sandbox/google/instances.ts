import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { openCursor, sealCursor } from '../cursors.ts'
import { textOf, type JsonObject } from '../json.ts'
import { isDate } from '../zones.ts'
import { badRequest, invalid } from './errors.ts'
import { exceptionsOf } from './exceptions.ts'
import { existing } from './find-event.ts'
import { listEtag } from './list.ts'
import { readPaging, readWindow } from './query.ts'
import { withAttendeesMax } from './render.ts'
import { instancesOf, isMaster, type Place, type Span } from './series.ts'
import { inOrder, startKey } from './sorted-items.ts'
import { instantOfTime, isSameTime, type Time } from './times.ts'
import type { GoogleEvent } from './types.ts'

/** One page of the instances of a series by when they begin, changed ones at their present times. */
export function listInstances(place: Place, id: string, raw: JsonObject): calendar_v3.Schema$Events {
  const { calendar } = place
  const paging = readPaging(raw)
  const { fromMs, toMs } = readWindow(raw)
  const master = existing(place, id)
  if (!isMaster(master)) throw badRequest('The event is not a recurring one.')
  const original = originalStartOf(raw)
  const all = allInstances(place, master, { from: fromMs, to: toMs }).filter(
    (instance) =>
      (paging.showDeleted || instance.status !== 'cancelled') &&
      (original === undefined || isSameTime(instance.originalStartTime, original)),
  )
  const scope = JSON.stringify([calendar.id, id, raw['originalStart'], fromMs, toMs, paging.showDeleted])
  const keyOf = (item: calendar_v3.Schema$Event): string => startKey(item, calendar.timeZone)
  const left = inOrder(all, keyOf, passedBy(paging.pageToken, scope))
  const page = left.slice(0, paging.pageSize)
  const last = page.at(-1)
  const isMore = last !== undefined && page.length < left.length
  return {
    kind: 'calendar#events',
    etag: listEtag(place),
    summary: calendar.name,
    description: '',
    updated: master.updated,
    timeZone: paging.timeZone ?? calendar.timeZone,
    ...(isMore ? { nextPageToken: sealCursor({ scope, key: last.key, id: last.item.id ?? '' }) } : {}),
    items: page.map(({ item }) => withAttendeesMax(item, paging.attendeesMax)),
  }
}

function allInstances(place: Place, master: GoogleEvent, span: Span): GoogleEvent[] {
  const { status } = master
  const exceptions = exceptionsOf(place, master.id)
  const touched = new Set(exceptions.map(({ id }) => id))
  const untouched = [...instancesOf(place, master, span)].filter(({ id }) => !touched.has(id))
  const changed = exceptions
    .filter((exception) => lies(place, exception, span))
    .map((exception) => (status === 'cancelled' ? { ...exception, status } : exception))
  return [...untouched, ...changed]
}

function lies({ calendar: { timeZone } }: Place, { start, end }: GoogleEvent, span: Span): boolean {
  const startMs = instantOfTime(start, timeZone)
  return startMs < span.to && Math.max(instantOfTime(end, timeZone), startMs + 1) > span.from
}

function originalStartOf(raw: JsonObject): Time | undefined {
  const text = textOf(raw['originalStart'])
  if (text === undefined) return undefined
  if (isDate(text)) return { date: text }
  if (Number.isNaN(Date.parse(text))) throw invalid('Invalid original start.', 'originalStart')
  return { dateTime: text }
}

function passedBy(pageToken: string | undefined, scope: string): { key: string; id: string } | null {
  if (pageToken === undefined) return null
  const cursor = openCursor(pageToken)
  const [key, id] = [textOf(cursor?.['key']), textOf(cursor?.['id'])]
  if (cursor?.['scope'] !== scope || key === undefined || id === undefined)
    throw invalid('Invalid page token value.', 'pageToken')
  return { key, id }
}
