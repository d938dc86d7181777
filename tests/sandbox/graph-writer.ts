import { constant, integer, nat, oneof, record, type Arbitrary } from 'fast-check'
import { list, type Call, type Json } from './played.ts'

/** One thing a person does to a calendar; `which` picks from what is there. */
export type Write =
  | { kind: 'create'; day: number }
  | { kind: 'createSeries'; day: number; interval: number; count: number }
  | { kind: 'rename'; which: number }
  | { kind: 'move'; which: number; day: number }
  | { kind: 'delete'; which: number }
  | { kind: 'renameOne'; which: number; occurrence: number }
  | { kind: 'moveOne'; which: number; occurrence: number; hours: number }
  | { kind: 'deleteOne'; which: number; occurrence: number }
  | { kind: 'rerule'; which: number; interval: number }

const day = integer({ min: -40, max: 70 })
const which = nat(20)
const occurrence = nat(12)
const interval = integer({ min: 1, max: 9 })

export const writes: Arbitrary<Write> = oneof(
  record({ kind: constant('create' as const), day }),
  record({ kind: constant('createSeries' as const), day, interval, count: integer({ min: 0, max: 9 }) }),
  record({ kind: constant('rename' as const), which }),
  record({ kind: constant('move' as const), which, day }),
  record({ kind: constant('delete' as const), which }),
  record({ kind: constant('renameOne' as const), which, occurrence }),
  record({ kind: constant('moveOne' as const), which, occurrence, hours: integer({ min: -30, max: 30 }) }),
  record({ kind: constant('deleteOne' as const), which, occurrence }),
  record({ kind: constant('rerule' as const), which, interval }),
)

const zone = { timeZone: 'Europe/Berlin' }
const firstDayMs = Date.UTC(2026, 2, 1)
const dayMs = 86_400_000

const dateOf = (offset: number): string => new Date(firstDayMs + offset * dayMs).toISOString().slice(0, 10)
const timesOn = (date: string): Json => ({
  start: { dateTime: `${date}T09:00:00`, ...zone },
  end: { dateTime: `${date}T10:00:00`, ...zone },
})
const daily = (date: string, interval: number, count: number): Json => ({
  pattern: { type: 'daily', interval },
  range:
    count === 0
      ? { type: 'noEnd', startDate: date }
      : { type: 'numbered', startDate: date, numberOfOccurrences: count },
})

/** Does one write, which changes words whatever else it changes; what cannot be done, such as moving an occurrence past its neighbour, is left undone. */
export async function write(graph: Call, step: Write, title: string, deleted: Set<string>): Promise<void> {
  const events = '/v1.0/me/events'
  if (step.kind === 'create') {
    await graph('POST', events, { subject: title, ...timesOn(dateOf(step.day)) })
    return
  }
  if (step.kind === 'createSeries') {
    const date = dateOf(step.day)
    const recurrence = daily(date, step.interval, step.count)
    await graph('POST', events, { subject: title, ...timesOn(date), recurrence })
    return
  }
  const { body } = await graph('GET', `${events}?$top=500`)
  const all = list(body['value'])
  const isSeries = step.kind === 'rerule' || 'occurrence' in step
  const there = isSeries ? all.filter(({ type }) => type === 'seriesMaster') : all
  const event = there[step.which % Math.max(there.length, 1)]
  if (event === undefined) return
  const path = `${events}/${String(event['id'])}`
  const startDate = String((event['start'] as Json)['dateTime']).slice(0, 10)

  switch (step.kind) {
    case 'rename':
      await graph('PATCH', path, { subject: title })
      return
    case 'move': {
      const date = dateOf(step.day)
      const isMaster = event['type'] === 'seriesMaster'
      const recurrence = isMaster ? { recurrence: daily(date, 2, 5) } : {}
      await graph('PATCH', path, { subject: title, ...timesOn(date), ...recurrence })
      return
    }
    case 'delete':
      await graph('DELETE', path)
      deleted.add(String(event['id']))
      return
    case 'rerule':
      await graph('PATCH', path, {
        subject: title,
        ...timesOn(startDate),
        recurrence: daily(startDate, step.interval, 7),
      })
      return
    case 'renameOne':
    case 'moveOne':
    case 'deleteOne':
      await writeOne(graph, path, step, title)
  }
}

async function writeOne(
  graph: Call,
  master: string,
  step: Extract<Write, { occurrence: number }>,
  title: string,
): Promise<void> {
  const window = `startDateTime=${dateOf(-50)}T00:00:00Z&endDateTime=${dateOf(90)}T00:00:00Z`
  const { body } = await graph('GET', `${master}/instances?${window}&$top=50`)
  const instances = list(body['value'])
  const instance = instances[step.occurrence % Math.max(instances.length, 1)]
  if (instance === undefined) return
  const path = `/v1.0/me/events/${String(instance['id'])}`
  if (step.kind === 'deleteOne') await graph('DELETE', path)
  else if (step.kind === 'renameOne') await graph('PATCH', path, { subject: title })
  else {
    const at = (time: unknown): Json => {
      const instantMs = Date.parse(`${String((time as Json)['dateTime']).slice(0, 19)}Z`)
      const dateTime = new Date(instantMs + step.hours * 3_600_000).toISOString().slice(0, 19)
      return { dateTime, timeZone: 'UTC' }
    }
    const times = { start: at(instance['start']), end: at(instance['end']) }
    await graph('PATCH', path, { subject: title, ...times })
  }
}
