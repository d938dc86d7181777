import { constant, integer, nat, oneof, record, type Arbitrary } from 'fast-check'
import { list, object, type Call, type Json } from './played.ts'

export type Write =
  | { kind: 'create'; day: number }
  | { kind: 'createSeries'; day: number; interval: number; count: number }
  | { kind: 'rename'; which: number }
  | { kind: 'move'; which: number; day: number }
  | { kind: 'delete'; which: number }
  | { kind: 'revive'; which: number }
  | { kind: 'renameOne'; which: number; occurrence: number }
  | { kind: 'moveOne'; which: number; occurrence: number; hours: number }
  | { kind: 'deleteOne'; which: number; occurrence: number }
  | { kind: 'rerule'; which: number; interval: number }

const day = integer({ min: -40, max: 70 })
const which = nat(20)
const occurrence = nat(8)
const interval = integer({ min: 1, max: 9 })

export const writes: Arbitrary<Write> = oneof(
  record({ kind: constant('create' as const), day }),
  record({ kind: constant('createSeries' as const), day, interval, count: integer({ min: 1, max: 9 }) }),
  record({ kind: constant('rename' as const), which }),
  record({ kind: constant('move' as const), which, day }),
  record({ kind: constant('delete' as const), which }),
  record({ kind: constant('revive' as const), which }),
  record({ kind: constant('renameOne' as const), which, occurrence }),
  record({ kind: constant('moveOne' as const), which, occurrence, hours: integer({ min: -30, max: 30 }) }),
  record({ kind: constant('deleteOne' as const), which, occurrence }),
  record({ kind: constant('rerule' as const), which, interval }),
)

const events = '/calendar/v3/calendars/primary/events'
const zone = { timeZone: 'Europe/Berlin' }
const firstDayMs = Date.UTC(2026, 2, 1)

const timesOn = (offset: number): Json => {
  const date = new Date(firstDayMs + offset * 86_400_000).toISOString().slice(0, 10)
  return { start: { dateTime: `${date}T09:00:00`, ...zone }, end: { dateTime: `${date}T10:00:00`, ...zone } }
}
const daily = (interval: number, count: number): Json => ({
  recurrence: [`RRULE:FREQ=DAILY;INTERVAL=${interval};COUNT=${count}`],
})

/** Does one write. Ids of deleted events are noted, and taken back when the event is brought back. */
export async function write(google: Call, step: Write, title: string, deleted: Set<string>): Promise<void> {
  if (step.kind === 'create') {
    await google('POST', events, { summary: title, ...timesOn(step.day) })
    return
  }
  if (step.kind === 'createSeries') {
    await google('POST', events, {
      summary: title,
      ...timesOn(step.day),
      ...daily(step.interval, step.count),
    })
    return
  }
  if (step.kind === 'revive') {
    const id = [...deleted][step.which % Math.max(deleted.size, 1)]
    if (id === undefined) return
    const { status } = await google('PATCH', `${events}/${id}`, { status: 'confirmed' })
    if (status === 200) deleted.delete(id)
    return
  }
  const { body } = await google('GET', `${events}?maxResults=250`)
  const isSeries = step.kind === 'rerule' || 'occurrence' in step
  const there = list(body['items']).filter(
    ({ recurringEventId, recurrence }) =>
      recurringEventId === undefined && (!isSeries || recurrence !== undefined),
  )
  const event = there[step.which % Math.max(there.length, 1)]
  if (event === undefined) return
  const path = `${events}/${String(event['id'])}`
  switch (step.kind) {
    case 'rename':
      await google('PATCH', path, { summary: title })
      return
    case 'move':
      await google('PATCH', path, { summary: title, ...timesOn(step.day) })
      return
    case 'delete':
      await google('DELETE', path)
      deleted.add(String(event['id']))
      return
    case 'rerule':
      await google('PATCH', path, { summary: title, ...daily(step.interval, 7) })
      return
    case 'renameOne':
    case 'moveOne':
    case 'deleteOne':
      await writeOne(google, path, step, title)
  }
}

async function writeOne(
  google: Call,
  master: string,
  step: Extract<Write, { occurrence: number }>,
  title: string,
): Promise<void> {
  const { body } = await google('GET', `${master}/instances`)
  const instances = list(body['items'])
  const instance = instances[step.occurrence % Math.max(instances.length, 1)]
  if (instance === undefined) return
  const path = `${events}/${String(instance['id'])}`
  if (step.kind === 'deleteOne') await google('DELETE', path)
  else if (step.kind === 'renameOne') await google('PATCH', path, { summary: title })
  else {
    const at = (time: unknown): Json => {
      const instantMs = Date.parse(String(object(time)['dateTime'])) + step.hours * 3_600_000
      return { dateTime: new Date(instantMs).toISOString(), ...zone }
    }
    const times = { start: at(instance['start']), end: at(instance['end']) }
    await google('PATCH', path, { summary: title, ...times })
  }
}
