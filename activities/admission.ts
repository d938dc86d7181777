import type { Db } from '../db/connection.ts'
import { findExternalEvents, type ExternalEvent } from '../db/external-events.ts'
import { createsByKey } from '../db/intents.ts'
import { madeByUs } from '../db/mappings.ts'
import type { Provider } from '../db/providers.ts'
import { admits, narrower, type Admission } from '../domain/entering.ts'
import type { ObservedEvent } from '../providers/port.ts'

export type AdmissionOf = (event: ObservedEvent) => Admission

/** How much of each of these events is let in. Our own copies are the schedule's words, and enter whole. */
export async function admissionOf(
  db: Db,
  provider: Pick<Provider, 'id' | 'policies'>,
  events: ObservedEvent[],
): Promise<AdmissionOf> {
  const own = await ownIds(db, provider.id, events)
  const isOwn = ({ externalId, occurrence }: ObservedEvent) =>
    own.has(externalId) || (occurrence !== null && own.has(occurrence.seriesId))
  const here = new Map(events.map((event) => [event.externalId, event]))
  const seriesIds = events.flatMap(({ occurrence }) => occurrence?.seriesId ?? [])
  const elsewhere = [...new Set(seriesIds)].filter((id) => !here.has(id))
  const known = await findExternalEvents(db, provider.id, elsewhere)
  const series = new Map(known.map((row) => [row.externalId, row.entersAs]))
  const alone = (event: ObservedEvent): Admission =>
    isOwn(event) ? 'full' : admits(provider.policies, event)
  return (event) => {
    if (isOwn(event)) return 'full'
    const seriesId = event.occurrence?.seriesId
    const whole = seriesId === undefined ? undefined : here.get(seriesId)
    return admits(provider.policies, event, whole ? alone(whole) : (series.get(seriesId ?? '') ?? null))
  }
}

/** The events that writes of ours made: by their pair, or by their key while the pair does not know them yet. */
async function ownIds(db: Db, providerId: string, events: ObservedEvent[]): Promise<Set<string>> {
  const ids = events.flatMap(({ externalId, occurrence }) => [
    externalId,
    ...(occurrence ? [occurrence.seriesId] : []),
  ])
  const keys = events.flatMap(({ createKey }) => createKey ?? [])
  const creates = new Set(
    (await createsByKey(db, providerId, keys)).map(({ idempotencyKey }) => idempotencyKey),
  )
  const made = events.filter(({ createKey }) => createKey !== null && creates.has(createKey))
  return new Set([
    ...(await madeByUs(db, providerId, [...new Set(ids)])),
    ...made.map(({ externalId }) => externalId),
  ])
}

/** How much of a stored event another policy lets in; never more than is stored. */
export async function admissionOfStored(
  db: Db,
  provider: Pick<Provider, 'id' | 'policies'>,
  rows: ExternalEvent[],
): Promise<(row: ExternalEvent) => Admission> {
  const seriesIds = [...new Set(rows.flatMap((row) => row.seriesExternalId ?? []))]
  const own = new Set(await madeByUs(db, provider.id, [...rows.map((row) => row.externalId), ...seriesIds]))
  const creates = await createsByKey(
    db,
    provider.id,
    rows.flatMap((row) => row.createKey ?? []),
  )
  const keys = new Set(creates.map(({ idempotencyKey }) => idempotencyKey))
  const isOwn = (row: ExternalEvent) =>
    own.has(row.externalId) || own.has(row.seriesExternalId ?? '') || keys.has(row.createKey ?? '')
  const admit = (row: ExternalEvent, series: Admission | null = null): Admission =>
    isOwn(row) ? row.entersAs : narrower(row.entersAs, admits(provider.policies, row, series))
  const series = new Map(
    (await findExternalEvents(db, provider.id, seriesIds)).map((row) => [row.externalId, admit(row)]),
  )
  return (row) => admit(row, series.get(row.seriesExternalId ?? '') ?? null)
}
