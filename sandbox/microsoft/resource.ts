import type { Event } from '@microsoft/microsoft-graph-types'
import type { JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { GraphError, invalidRequest, notPlayed, propertyValidationFailure } from './errors.ts'
import { deserialise } from './odata/deserialise.ts'
import { eventType } from './odata/event-type.ts'
import { microsoftSwitch } from './switches.ts'

/** An event as a caller wishes it; members whose value is null are there and null. */
export type EventBody = JsonObject & Event

const attendeesMax = 500

/** The body of a write as an event, or Graph's complaint about it. */
export function eventBody(world: World, sent: unknown): EventBody {
  if (sent === undefined || sent === null) throw invalidRequest('Empty Payload. JSON content expected.')
  const body: EventBody = deserialise(sent, eventType, microsoftSwitch(world.state, 'unknownMembers'))
  if ((body.reminderMinutesBeforeStart ?? 0) < 0) throw propertyValidationFailure()
  if ((body.attendees?.length ?? 0) > attendeesMax) {
    const message = `An event takes ${attendeesMax} attendees at most.`
    throw new GraphError(400, 'ErrorRecipientLimitExceeded', message)
  }
  if (body.attendees?.some((attendee) => !attendee.emailAddress?.address)) throw propertyValidationFailure()
  if ((body.attachments?.length ?? 0) > 0) throw notPlayed('attachments')
  return body
}
