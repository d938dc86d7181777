import { calendar } from 'googleapis/build/src/apis/calendar/index.js'
import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { lostAnswer, withToken } from '../call.ts'
import { NotFound, PreconditionFailed } from '../errors.ts'
import type { AdapterOptions, CalendarInfo, CalendarProvider, OccurrenceRef } from '../port.ts'
import { DuplicateId, googleError } from './errors.ts'
import { instanceId, keyProperty, observe, observedEvent, requestBody } from './mapping.ts'

const pageSize = 500
/** What a patch counts for in a quota: https://developers.google.com/workspace/calendar/api/guides/performance#patch */
const patchCalls = 3

/** Google rounds always ask the same, or the sync token would mean something else (Synchronize resources efficiently). */
const listParameters = { singleEvents: false, showDeleted: true, maxResults: pageSize }

interface Position {
  syncToken?: string
  pageToken?: string
}

/** One Google calendar behind the port, on the official SDK. Retries are ours and Temporal's: the SDK's own are off. */
export function googleCalendar(options: AdapterOptions): CalendarProvider {
  const api = calendar({ version: 'v3', rootUrl: `${options.endpoints.api}/` })
  const { calendarId } = options

  async function call<T>(
    request: (settings: object) => Promise<{ data: T }>,
    headers: Record<string, string> = {},
    calls = 1,
  ): Promise<T> {
    return withToken(
      options,
      async (token) => {
        const settings = {
          headers: { ...headers, authorization: `Bearer ${token}` },
          retry: false,
          timeout: options.timeoutMs,
        }
        try {
          return (await request(settings)).data
        } catch (error) {
          throw vendorError(error)
        }
      },
      calls,
    )
  }

  const observed = (event: calendar_v3.Schema$Event) => observedEvent(event, options.timeZone)

  async function fetched(eventId: string) {
    try {
      const event = await call((settings) => api.events.get({ calendarId, eventId }, settings))
      return event.status === 'cancelled' ? ('gone' as const) : observed(event)
    } catch (error) {
      await goneUnlessAway(error)
      return undefined
    }
  }

  /** A calendar that is away takes no event with it: what it does not find is gone only while the calendar answers. */
  async function goneUnlessAway(error: unknown): Promise<'gone'> {
    if (!(error instanceof NotFound)) throw error
    await call((settings) => api.events.list({ calendarId, maxResults: 1 }, settings))
    return 'gone'
  }

  /** The id is guessed by Google's pattern, which is observed and not promised: when it fails, Google is asked for it. */
  async function onOccurrence<T>(ref: OccurrenceRef, work: (eventId: string) => Promise<T>): Promise<T> {
    try {
      return await work(ref.vendorId ?? instanceId(ref))
    } catch (error) {
      if (!(error instanceof NotFound) || ref.vendorId !== null) throw error
      const { seriesId: eventId, slot: originalStart } = ref
      const found = await call((settings) =>
        api.events.instances({ calendarId, eventId, originalStart, showDeleted: true }, settings),
      )
      const instance = found.items?.find((item) => observed(item).occurrence?.slot === originalStart)
      if (!instance?.id) throw error
      return work(instance.id)
    }
  }

  return {
    windowIsInCursor: false,
    tellsAll: true,
    ruleChange: 'keeps-slots',
    restoresOccurrences: true,
    unsupported: () => null,

    async account() {
      const primary = await call((settings) => api.calendarList.get({ calendarId: 'primary' }, settings))
      const id = primary.id ?? ''
      return { id, email: id }
    },

    async listCalendars() {
      const calendars: CalendarInfo[] = []
      let pageToken: string | undefined
      do {
        const page = await call((settings) =>
          api.calendarList.list({ maxResults: 250, ...(pageToken && { pageToken }) }, settings),
        )
        calendars.push(...(page.items ?? []).map(calendarInfo))
        pageToken = page.nextPageToken ?? undefined
      } while (pageToken)
      return calendars
    },

    async calendar() {
      return calendarInfo(await call((settings) => api.calendarList.get({ calendarId }, settings)))
    },

    fingerprint: () => `google/2 ${JSON.stringify(listParameters)}`,
    fullRound: () => JSON.stringify({}),
    deltaRound: (cursor) => JSON.stringify({ syncToken: cursor }),

    async listChanges(position) {
      const at = JSON.parse(position) as Position
      const page = await call((settings) =>
        api.events.list({ calendarId, ...listParameters, ...at }, settings),
      )
      const observations = (page.items ?? []).map((item) => observe(item, options.timeZone))
      if (page.nextPageToken) {
        return {
          observations,
          next: { kind: 'more', position: JSON.stringify({ ...at, pageToken: page.nextPageToken }) },
        }
      }
      return { observations, next: { kind: 'end', cursor: page.nextSyncToken ?? '' } }
    },

    getEvent: async (externalId) => (await fetched(externalId)) ?? 'gone',

    async idsOfMeeting(iCalUID) {
      const page = await call((settings) =>
        api.events.list({ calendarId, iCalUID, maxResults: 50 }, settings),
      )
      const wholes = (page.items ?? []).filter((item) => !item.recurringEventId)
      return wholes.flatMap(({ id }) => id ?? [])
    },

    async createEvent(key, content) {
      const body = {
        ...requestBody(content),
        id: key,
        reminders: { useDefault: false, overrides: [] },
        extendedProperties: { private: { [keyProperty]: key } },
      }
      try {
        const made = await call((settings) =>
          api.events.insert({ calendarId, sendUpdates: 'none', requestBody: body }, settings),
        )
        return { made: 'now', event: observed(made) }
      } catch (error) {
        // The id is ours alone, so whoever has it is what an earlier try made; a deleted one keeps its id.
        if (error instanceof DuplicateId) return { made: 'before', event: (await fetched(key)) ?? 'gone' }
        throw error
      }
    },

    findCreated: (key) => fetched(key),

    async updateEvent(externalId, fields, etag) {
      return observed(
        await call(
          (settings) =>
            api.events.patch(
              { calendarId, eventId: externalId, sendUpdates: 'none', requestBody: requestBody(fields) },
              settings,
            ),
          etag ? { 'if-match': etag } : {},
          patchCalls,
        ),
      )
    },

    async deleteEvent(externalId, etag) {
      try {
        await call(
          (settings) => api.events.delete({ calendarId, eventId: externalId, sendUpdates: 'none' }, settings),
          etag ? { 'if-match': etag } : {},
        )
      } catch (error) {
        if (!(error instanceof NotFound)) throw error
        // A 404 may be wrong for a moment: only what is not there when it is asked for is deleted.
        const left = (await fetched(externalId)) ?? 'gone'
        if (left !== 'gone') throw new PreconditionFailed('still-there', 'Google: the event is still there.')
      }
    },

    async getOccurrence(ref) {
      try {
        const event = await onOccurrence(ref, (eventId) =>
          call((settings) => api.events.get({ calendarId, eventId }, settings)),
        )
        return event.status === 'cancelled' ? 'gone' : observed(event)
      } catch (error) {
        return goneUnlessAway(error)
      }
    },

    async updateOccurrence(ref, fields, etag) {
      const event = await onOccurrence(ref, (eventId) =>
        call(
          (settings) =>
            api.events.patch(
              { calendarId, eventId, sendUpdates: 'none', requestBody: requestBody(fields) },
              settings,
            ),
          etag ? { 'if-match': etag } : {},
          patchCalls,
        ),
      )
      return observed(event)
    },

    async cancelOccurrence(ref, etag) {
      try {
        await onOccurrence(ref, (eventId) =>
          call(
            (settings) => api.events.delete({ calendarId, eventId, sendUpdates: 'none' }, settings),
            etag ? { 'if-match': etag } : {},
          ),
        )
      } catch (error) {
        await goneUnlessAway(error)
      }
    },

    async subscribe({ id, secret, notifyUrl }) {
      const channel = await call((settings) =>
        api.events.watch(
          { calendarId, requestBody: { id, type: 'web_hook', address: notifyUrl, token: secret } },
          settings,
        ),
      )
      return {
        externalId: id,
        resourceId: channel.resourceId ?? null,
        expiresAt: new Date(Number(channel.expiration)).toISOString(),
      }
    },

    /** Channels are not renewed: https://developers.google.com/workspace/calendar/api/guides/push#renewing. */
    async renewSubscription() {
      return null
    },

    /** Channels are made and stopped, never read. */
    subscriptionStands: async () => true,

    async unsubscribe({ externalId, resourceId }) {
      try {
        await call((settings) => api.channels.stop({ requestBody: { id: externalId, resourceId } }, settings))
      } catch (error) {
        if (!(error instanceof NotFound)) throw error
      }
    },
  }
}

function calendarInfo(entry: calendar_v3.Schema$CalendarListEntry): CalendarInfo {
  return {
    id: entry.id ?? '',
    name: entry.summaryOverride ?? entry.summary ?? entry.id ?? '',
    isPrimary: entry.primary === true,
    canWrite: entry.accessRole === 'writer' || entry.accessRole === 'owner',
    timeZone: entry.timeZone ?? 'UTC',
  }
}

/** What gaxios throws, without its request: that one carries the token. */
function vendorError(error: unknown) {
  if (error instanceof Error && 'response' in error) {
    const { response } = error
    if (
      typeof response === 'object' &&
      response !== null &&
      'status' in response &&
      typeof response.status === 'number'
    ) {
      const headers = 'headers' in response && isHeaders(response.headers) ? response.headers : new Headers()
      return googleError(response.status, 'data' in response ? response.data : null, headers)
    }
  }
  return lostAnswer(error)
}

/** gaxios answers with a Headers class of its own, not the runtime's. */
function isHeaders(value: unknown): value is Pick<Headers, 'get'> {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function'
}
