import type { Calendar, Subscription, User } from '@microsoft/microsoft-graph-types'
import { span } from '../../domain/time.ts'
import { widened, type SyncWindow } from '../../domain/policy.ts'
import { NotFound, PreconditionFailed } from '../errors.ts'
import type { AdapterOptions, CalendarInfo, CalendarProvider, ChangePage, Observation } from '../port.ts'
import { graphClient } from './client.ts'
import { DuplicateTransaction } from './errors.ts'
import {
  keyProperty,
  observe,
  observedEvent,
  requestBody,
  seriesSeenByOccurrence,
  type GraphItem,
} from './mapping.ts'

const pageSize = 250
/** The vendor's window is wider than ours, so that an event on the edge does not come and go. */
const edgeDays = 31
const subscriptionMinutes = 10_070

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
      return item.isCancelled ? ('gone' as const) : observedEvent(item)
    } catch (error) {
      if (error instanceof NotFound) return 'gone' as const
      throw error
    }
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
    const page = await send<Page<GraphItem>>({
      method: 'GET',
      path: position,
      prefer: `odata.maxpagesize=${pageSize}`,
    })
    const observations: Observation[] = []
    const shown = new Set(page.value.map((item) => item.id))
    const seriesElsewhere = new Set<string>()
    for (const item of page.value) {
      if (item.type === 'occurrence' && item.seriesMasterId && !shown.has(item.seriesMasterId)) {
        seriesElsewhere.add(item.seriesMasterId)
      }
      // Consumer mailboxes send skeletons without words: the event itself knows better.
      const isSkeleton = !item['@removed'] && item.type !== 'occurrence' && item.subject === undefined
      const whole = isSkeleton && item.id ? await fetched(item.id) : undefined
      if (whole && whole !== 'gone') observations.push({ kind: 'event', event: whole })
      else {
        const observation = observe(item)
        if (observation) observations.push(observation)
      }
    }
    for (const masterId of seriesElsewhere) {
      observations.push({ kind: 'event', event: seriesSeenByOccurrence(masterId) })
    }
    const deltaLink = page['@odata.deltaLink']
    if (deltaLink) return { observations, next: { kind: 'end', cursor: deltaLink } }
    return { observations, next: { kind: 'more', position: page['@odata.nextLink'] ?? position } }
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

    fingerprint: () => 'microsoft/1 calendarView',
    fullRound(window: SyncWindow) {
      const { from, to } = widened(window, edgeDays)
      return `${calendarPath}/calendarView/delta?startDateTime=${from}&endDateTime=${to}`
    },
    deltaRound: (cursor) => cursor,
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
