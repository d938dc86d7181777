import type { Calendar, Subscription, User } from '@microsoft/microsoft-graph-types'
import { InvalidTime, span } from '../../domain/time.ts'
import { widened, type SyncWindow } from '../../domain/policy.ts'
import { NotFound, PreconditionFailed } from '../errors.ts'
import type {
  AdapterOptions,
  CalendarInfo,
  CalendarProvider,
  ChangePage,
  Observation,
  OccurrenceRef,
} from '../port.ts'
import { graphClient } from './client.ts'
import { DuplicateTransaction } from './errors.ts'
import {
  keyProperty,
  observe,
  observedEvent,
  requestBody,
  unsupportedReason,
  type GraphItem,
} from './mapping.ts'

const pageSize = 250
/** The vendor's window is wider than ours, so that an event on the edge does not come and go. */
const edgeDays = 31
const subscriptionMinutes = 10_070

const dayMs = 86_400_000
/** How many series a round remembers to have asked for. */
const readMax = 100

/** What is read of a series: deleted occurrences are told only when they are selected (event resource type). */
const seriesProperties = [
  'id,type,subject,body,start,end,isAllDay,originalStartTimeZone,originalEndTimeZone,location,showAs,sensitivity',
  'recurrence,isCancelled,isDraft,isOrganizer,attendees,isOnlineMeeting,iCalUId,transactionId,cancelledOccurrences',
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

interface Page<T> {
  value: T[]
  '@odata.nextLink'?: string
  '@odata.deltaLink'?: string
}

/** One Microsoft 365 or Outlook.com calendar behind the port. */
export function microsoftCalendar(options: AdapterOptions): CalendarProvider {
  const send = graphClient(options)
  const { calendarId } = options
  const calendarPath = calendarId === 'calendar' ? '/me/calendar' : `/me/calendars/${pathSegment(calendarId)}`
  const eventPath = (id: string) => `${calendarPath}/events/${pathSegment(id)}`

  async function fetched(externalId: string) {
    try {
      const item = await send<GraphItem>({ method: 'GET', path: eventPath(externalId) })
      if (item.isCancelled) return 'gone' as const
      return item.type === 'seriesMaster' ? await wholeSeries(externalId) : observedEvent(item)
    } catch (error) {
      if (error instanceof NotFound) return 'gone' as const
      throw error
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
      if (error instanceof NotFound) return 'gone' as const
      throw error
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

  return {
    windowIsInCursor: true,
    tellsAll: false,

    async account() {
      const user = await send<User>({ method: 'GET', path: '/me' })
      return { id: user.id ?? '', email: user.mail ?? user.userPrincipalName ?? '' }
    },

    async listCalendars() {
      const page = await send<Page<Calendar>>({ method: 'GET', path: '/me/calendars?$top=200' })
      return page.value.map(calendarInfo)
    },

    async calendar() {
      return calendarInfo(await send<Calendar>({ method: 'GET', path: calendarPath }))
    },

    ruleChange: 'drops-all',
    restoresOccurrences: false,
    unsupported: unsupportedReason,
    fingerprint: () => 'microsoft/2 calendarView',
    fullRound(window: SyncWindow) {
      const { from, to } = widened(window, edgeDays)
      const link = `${calendarPath}/calendarView/delta?startDateTime=${from}&endDateTime=${to}`
      return JSON.stringify({ link, read: [] })
    },
    deltaRound: (cursor) => JSON.stringify({ link: cursor, read: [] }),
    listChanges: pageOf,

    getEvent: fetched,

    async createEvent(key, content) {
      const body = {
        ...requestBody(content),
        transactionId: key,
        isReminderOn: false,
        isOnlineMeeting: false,
        singleValueExtendedProperties: [{ id: keyProperty, value: key }],
      }
      try {
        const made = await send<GraphItem>({ method: 'POST', path: `${calendarPath}/events`, body })
        return { made: 'now', event: observedEvent(made) }
      } catch (error) {
        if (!(error instanceof DuplicateTransaction)) throw error
        if (error.existingEventId) return { made: 'before', event: await fetched(error.existingEventId) }
        const { startsAt, endsAt } = span(content.time)
        return { made: 'before', event: (await findCreated(key, startsAt, endsAt)) ?? 'gone' }
      }
    },

    async findCreated(key, content) {
      const { startsAt, endsAt } = span(content.time)
      return findCreated(key, startsAt, endsAt)
    },

    async updateEvent(externalId, fields, etag) {
      return observedEvent(
        await send<GraphItem>({
          method: 'PATCH',
          path: eventPath(externalId),
          body: requestBody(fields),
          ...(etag && { headers: { 'if-match': etag } }),
        }),
      )
    },

    /** Whether DELETE honours If-Match is not documented, so the event is looked at first. */
    async deleteEvent(externalId, etag) {
      const now = await fetched(externalId)
      if (now === 'gone') return
      if (etag && now.etag !== etag)
        throw new PreconditionFailed('changed', 'Microsoft: the event has changed.')
      try {
        await send({
          method: 'DELETE',
          path: eventPath(externalId),
          ...(etag && { headers: { 'if-match': etag } }),
        })
      } catch (error) {
        if (!(error instanceof NotFound)) throw error
      }
    },

    async getOccurrence(ref) {
      try {
        const item = await send<GraphItem>({ method: 'GET', path: eventPath(await occurrenceId(ref)) })
        return item.isCancelled ? 'gone' : observedEvent(item)
      } catch (error) {
        if (error instanceof NotFound) return 'gone'
        throw error
      }
    },

    async updateOccurrence(ref, fields, etag) {
      return observedEvent(
        await send<GraphItem>({
          method: 'PATCH',
          path: eventPath(await occurrenceId(ref)),
          body: requestBody(fields),
          ...(etag && { headers: { 'if-match': etag } }),
        }),
      )
    },

    async cancelOccurrence(ref, etag) {
      try {
        await send({
          method: 'DELETE',
          path: eventPath(await occurrenceId(ref)),
          ...(etag && { headers: { 'if-match': etag } }),
        })
      } catch (error) {
        if (!(error instanceof NotFound)) throw error
      }
    },

    async subscribe({ secret, notifyUrl, lifecycleUrl }) {
      const granted = await send<Subscription>({
        method: 'POST',
        path: '/subscriptions',
        body: {
          changeType: 'created,updated,deleted',
          notificationUrl: notifyUrl,
          lifecycleNotificationUrl: lifecycleUrl,
          resource: `${calendarPath}/events`,
          expirationDateTime: new Date(Date.now() + subscriptionMinutes * 60_000).toISOString(),
          clientState: secret,
          latestSupportedTlsVersion: 'v1_2',
        },
      })
      return {
        externalId: granted.id ?? '',
        resourceId: null,
        expiresAt: new Date(granted.expirationDateTime ?? 0).toISOString(),
      }
    },

    async unsubscribe({ externalId }) {
      try {
        await send({ method: 'DELETE', path: `/subscriptions/${externalId}` })
      } catch (error) {
        if (!(error instanceof NotFound)) throw error
      }
    },
  }
}

/** Graph's ids end in `=`, which it wants as it is; anything else that could leave the segment is escaped. */
const pathSegment = (id: string): string => encodeURIComponent(id).replaceAll('%3D', '=')

function calendarInfo(calendar: Calendar): CalendarInfo {
  return {
    id: calendar.id ?? '',
    name: calendar.name ?? '',
    isPrimary: calendar.isDefaultCalendar === true,
    canWrite: calendar.canEdit === true,
    timeZone: 'UTC',
  }
}
