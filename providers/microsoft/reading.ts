import { InvalidTime } from '../../domain/time.ts'
import { NotFound } from '../errors.ts'
import type { ChangePage, Observation, OccurrenceRef } from '../port.ts'
import type { graphClient } from './client.ts'
import { keyProperty, observe, observedEvent, type GraphItem } from './mapping.ts'

const pageSize = 250
const dayMs = 86_400_000
/** How many series a round remembers to have asked for. */
const readMax = 100

/** What is read of a series: deleted occurrences are told only when they are selected (event resource type). */
const seriesProperties = [
  'id,type,subject,body,start,end,isAllDay,originalStartTimeZone,originalEndTimeZone,location,showAs,sensitivity',
  'recurrence,isCancelled,isDraft,isOrganizer,attendees,isOnlineMeeting,iCalUId,transactionId,cancelledOccurrences',
  'lastModifiedDateTime',
].join(',')

/** Where a round stands: the next link, and the series it asked for last. */
interface Position {
  link: string
  read: string[]
}

/** A round begun by an older version left its bare link. */
function positionOf(text: string): Position {
  return text.startsWith('{') ? (JSON.parse(text) as Position) : { link: text, read: [] }
}

export interface Page<T> {
  value: T[]
  '@odata.nextLink'?: string
  '@odata.deltaLink'?: string
}

/** Graph's ids end in `=`, which it wants as it is; anything else that could leave the segment is escaped. */
export const pathSegment = (id: string): string => encodeURIComponent(id).replaceAll('%3D', '=')

export const eventPathIn =
  (calendarPath: string) =>
  (id: string): string =>
    `${calendarPath}/events/${pathSegment(id)}`

/** Everything that is read of one calendar: an event, a series with what differs in it, and the pages of a round. */
export function graphReader(send: ReturnType<typeof graphClient>, calendarPath: string) {
  const eventPath = eventPathIn(calendarPath)

  /** A calendar that is away takes no event with it: what it does not find is gone only while the calendar answers. */
  async function goneUnlessAway(error: unknown): Promise<'gone'> {
    if (!(error instanceof NotFound)) throw error
    await send({ method: 'GET', path: calendarPath })
    return 'gone'
  }

  async function fetched(externalId: string) {
    try {
      const item = await send<GraphItem>({ method: 'GET', path: eventPath(externalId) })
      if (item.isCancelled) return 'gone' as const
      return item.type === 'seriesMaster' ? await wholeSeries(externalId) : observedEvent(item)
    } catch (error) {
      return goneUnlessAway(error)
    }
  }

  /** A series with everything that differs in it: the delta tells neither deleted occurrences nor, always, the series. */
  async function wholeSeries(masterId: string) {
    try {
      const item = await send<GraphItem>({
        method: 'GET',
        path: `${eventPath(masterId)}?$select=${seriesProperties}&$expand=exceptionOccurrences`,
      })
      return item.isCancelled ? ('gone' as const) : observedEvent(item)
    } catch (error) {
      return goneUnlessAway(error)
    }
  }

  /** Occurrences have ids of the server's making: the one at a slot is looked up around its original start. */
  async function occurrenceId({ seriesId, slot, vendorId }: OccurrenceRef): Promise<string> {
    if (vendorId !== null) return vendorId
    const at = Date.parse(slot)
    const [from, to] = [at - dayMs, at + 2 * dayMs].map((ms) => new Date(ms).toISOString())
    const page = await send<Page<GraphItem>>({
      method: 'GET',
      path: `${eventPath(seriesId)}/instances?startDateTime=${from}&endDateTime=${to}&$top=50`,
    })
    const found = page.value.find((item) => observedEvent(item).occurrence?.slot === slot)
    if (!found?.id) throw new NotFound('ErrorItemNotFound', 'Microsoft: the series has no such occurrence.')
    return found.id
  }

  /** By the marker first; a consumer mailbox may have dropped it on create, so then by the transaction id around its time. */
  async function findCreated(key: string, startsAt: string, endsAt: string) {
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${keyProperty}' and ep/value eq '${key}')`
    const marked = await send<Page<GraphItem>>({
      method: 'GET',
      path: `${calendarPath}/events?$filter=${encodeURIComponent(filter)}&$top=2`,
    })
    const [found] = marked.value
    if (found) return observedEvent(found)
    let path: string | undefined =
      `${calendarPath}/calendarView?startDateTime=${startsAt}&endDateTime=${endsAt}&$top=${pageSize}`
    while (path) {
      const page: Page<GraphItem> = await send<Page<GraphItem>>({ method: 'GET', path })
      const same = page.value.find((item) => item.transactionId === key)
      if (same) return observedEvent(same)
      path = page['@odata.nextLink']
    }
    return undefined
  }

  async function pageOf(position: string): Promise<ChangePage> {
    const { link, read } = positionOf(position)
    const page = await send<Page<GraphItem>>({
      method: 'GET',
      path: link,
      prefer: `odata.maxpagesize=${pageSize}`,
    })
    const observations: Observation[] = []
    const series = new Set<string>()
    for (const item of page.value) {
      const masterId = item.type === 'seriesMaster' && !item['@removed'] ? item.id : item.seriesMasterId
      if (masterId) {
        series.add(masterId)
        continue
      }
      // Consumer mailboxes send skeletons without words: the event itself knows better.
      const isSkeleton = !item['@removed'] && item.subject === undefined
      const whole = isSkeleton && item.id ? await fetched(item.id) : undefined
      if (whole && whole !== 'gone') observations.push({ kind: 'event', event: whole })
      else {
        const observation = observe(item)
        if (observation) observations.push(observation)
      }
    }
    // The occurrences of a long series fill several pages: it is asked for once a round.
    const asked = [...series].filter((masterId) => !read.includes(masterId))
    for (const masterId of asked) observations.push(await observeSeries(masterId))
    const deltaLink = page['@odata.deltaLink']
    if (deltaLink) return { observations, next: { kind: 'end', cursor: deltaLink } }
    const next = { link: page['@odata.nextLink'] ?? link, read: [...read, ...asked].slice(-readMax) }
    return { observations, next: { kind: 'more', position: JSON.stringify(next) } }
  }

  async function observeSeries(externalId: string): Promise<Observation> {
    try {
      const event = await wholeSeries(externalId)
      return event === 'gone' ? { kind: 'removed', externalId, certain: true } : { kind: 'event', event }
    } catch (error) {
      if (!(error instanceof InvalidTime)) throw error
      return { kind: 'malformed', externalId, reason: error.message, rawSize: 0 }
    }
  }

  return { fetched, findCreated, goneUnlessAway, occurrenceId, pageOf }
}
