import type { Calendar, Subscription, User } from '@microsoft/microsoft-graph-types'
import { span } from '../../domain/time.ts'
import { widened, type SyncWindow } from '../../domain/policy.ts'
import { NotFound, PreconditionFailed } from '../errors.ts'
import type { AdapterOptions, CalendarInfo, CalendarProvider } from '../port.ts'
import { graphClient } from './client.ts'
import { DuplicateTransaction } from './errors.ts'
import { keyProperty, observedEvent, requestBody, unsupportedReason, type GraphItem } from './mapping.ts'
import { eventPathIn, graphReader, pathSegment, type Page } from './reading.ts'

/** The vendor's window is wider than ours, so that an event on the edge does not come and go. */
const edgeDays = 31
const subscriptionMinutes = 10_070

/** One Microsoft 365 or Outlook.com calendar behind the port. */
export function microsoftCalendar(options: AdapterOptions): CalendarProvider {
  const send = graphClient(options)
  const { calendarId } = options
  const calendarPath = calendarId === 'calendar' ? '/me/calendar' : `/me/calendars/${pathSegment(calendarId)}`
  const eventPath = eventPathIn(calendarPath)
  const farthestExpiry = () => new Date(options.now().getTime() + subscriptionMinutes * 60_000).toISOString()

  const { fetched, findCreated, goneUnlessAway, occurrenceId, pageOf } = graphReader(send, calendarPath)

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

    async idsOfMeeting(icalUid) {
      // OData doubles a quote within a text.
      const filter = encodeURIComponent(`iCalUId eq '${icalUid.replaceAll("'", "''")}'`)
      const path = `${calendarPath}/events?$filter=${filter}&$select=id&$top=50`
      const page = await send<Page<GraphItem>>({ method: 'GET', path })
      return page.value.flatMap(({ id }) => id ?? [])
    },

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
        // A 404 may be wrong for a moment: only what is not there when it is asked for is deleted.
        if ((await fetched(externalId)) !== 'gone')
          throw new PreconditionFailed('still-there', 'Microsoft: the event is still there.')
      }
    },

    async getOccurrence(ref) {
      try {
        const item = await send<GraphItem>({ method: 'GET', path: eventPath(await occurrenceId(ref)) })
        return item.isCancelled ? 'gone' : observedEvent(item)
      } catch (error) {
        return goneUnlessAway(error)
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
        await goneUnlessAway(error)
      }
    },

    async subscribe({ secret, notifyUrl, lifecycleUrl, formerUrls }) {
      const create = () =>
        send<Subscription>({
          method: 'POST',
          path: '/subscriptions',
          body: {
            changeType: 'created,updated,deleted',
            notificationUrl: notifyUrl,
            lifecycleNotificationUrl: lifecycleUrl,
            resource: `${calendarPath}/events`,
            expirationDateTime: farthestExpiry(),
            clientState: secret,
            latestSupportedTlsVersion: 'v1_2',
          },
        })
      const granted = await create().catch(async (error: unknown) => {
        // Graph keeps one subscription of an app per resource: one of ours that nobody could stop stands in the way.
        if (!(error instanceof PreconditionFailed)) throw error
        const { value } = await send<Page<Subscription>>({ method: 'GET', path: '/subscriptions' })
        const told = new Set([notifyUrl, ...formerUrls])
        const ours = value.filter(({ notificationUrl }) => told.has(notificationUrl ?? ''))
        if (ours.length === 0) throw error
        for (const { id = '' } of ours) await send({ method: 'DELETE', path: `/subscriptions/${id}` })
        return create()
      })
      return {
        externalId: granted.id ?? '',
        resourceId: null,
        expiresAt: new Date(granted.expirationDateTime ?? 0).toISOString(),
      }
    },

    /** https://learn.microsoft.com/graph/api/subscription-update: the new expiry also authorizes it anew. */
    async renewSubscription({ externalId }) {
      try {
        const granted = await send<Subscription>({
          method: 'PATCH',
          path: `/subscriptions/${externalId}`,
          body: { expirationDateTime: farthestExpiry() },
        })
        return { externalId, expiresAt: new Date(granted.expirationDateTime ?? 0).toISOString() }
      } catch (error) {
        if (error instanceof NotFound) return null
        throw error
      }
    },

    async subscriptionStands({ externalId }) {
      try {
        await send({ method: 'GET', path: `/subscriptions/${externalId}` })
        return true
      } catch (error) {
        if (error instanceof NotFound) return false
        throw error
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

function calendarInfo(calendar: Calendar): CalendarInfo {
  return {
    id: calendar.id ?? '',
    name: calendar.name ?? '',
    isPrimary: calendar.isDefaultCalendar === true,
    canWrite: calendar.canEdit === true,
    timeZone: 'UTC',
  }
}
