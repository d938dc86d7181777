import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { listPreviewItems, type Preview as PreviewRow, type PreviewItem } from '../../db/previews.ts'
import { decodeCursor, pageOf, readId } from '../cursor.ts'
import type { ApiDeps } from '../dependencies.ts'
import { showTime } from '../entry-time.ts'
import { askForPreview, requirePreview, type PreviewWish } from '../preview-asked.ts'
import { tenantOf } from '../principal.ts'
import { requireProvider } from '../provider-found.ts'
import { Direction, Id, IdParams, Nullable, pageQuery, Policies, Timestamp } from '../schemas.ts'

/** What a look would do, writing nothing: as the provider is, or as it would be with another direction or policy. */
export function previewRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/providers/:id/preview',
    {
      config: { atLeast: 'operator' } as const,
      schema: {
        tags: ['providers'],
        params: IdParams,
        querystring: Query,
        response: { 200: Preview },
      },
    },
    async (request) => {
      const tenantId = tenantOf(request)
      const { limit = 100, cursor, direction, ...policies } = request.query
      const place = decodeCursor(cursor, readPlace)
      await requireProvider(deps, tenantId, request.params.id)
      const wish: PreviewWish = {
        ...(direction && { direction }),
        ...(Object.keys(policies).length > 0 && { policies }),
      }
      const preview = place
        ? await requirePreview(deps, tenantId, place.previewId)
        : await askForPreview(deps, tenantId, request.params.id, wish)
      const found = await deps.database.tenant(tenantId, (db) =>
        listPreviewItems(db, preview.id, place?.after ?? 0, limit + 1),
      )
      const { rows, nextCursor } = pageOf(found, limit, (last) => [preview.id, last.place])
      return { ...showPreview(preview), items: rows.map(showItem), nextCursor }
    },
  )
}

function readPlace([id, place]: unknown[]): { previewId: string; after: number } | undefined {
  const previewId = readId([id])
  return previewId && typeof place === 'number' && Number.isInteger(place) && place > 0 && place < 2 ** 31
    ? { previewId, after: place }
    : undefined
}

const Query = Type.Object(
  {
    ...pageQuery,
    direction: Type.Optional(Direction),
    conflicts: Type.Optional(Policies.properties.conflicts),
    windowPastDays: Type.Optional(Policies.properties.windowPastDays),
    windowFutureDays: Type.Optional(Policies.properties.windowFutureDays),
  },
  {
    additionalProperties: false,
    description: 'Settings that are tried; with a cursor they are those of its preview.',
  },
)

const Item = Type.Object({
  /** Where it would be done. */
  side: Type.Enum(['schedule', 'external', 'both']),
  action: Type.Enum([
    ...(['create', 'update', 'delete', 'assign', 'unassign'] as const),
    ...(['link', 'unlink', 'conflict', 'hold', 'unsupported'] as const),
  ]),
  /** Null for what is not there yet. */
  entryId: Nullable(Id),
  externalId: Nullable(Type.String()),
  title: Type.String(),
  time: Nullable(
    Type.Object({
      allDay: Type.Boolean(),
      start: Type.String(),
      end: Type.String(),
      timeZone: Nullable(Type.String()),
    }),
  ),
  repeats: Type.Boolean(),
  /** What an update would change. */
  fields: Type.Array(Type.String()),
  reason: Type.String(),
})

const Preview = Type.Object({
  id: Id,
  at: Timestamp,
  expiresAt: Timestamp,
  /** How often each would be done, by side and action ("schedule.create"), those not listed too. */
  counts: Type.Record(Type.String(), Type.Integer()),
  /** False when the vendor could not tell all that changed within the time a preview takes. */
  complete: Type.Boolean(),
  /** Changes that are known and were not decided within that time. */
  undecided: Type.Integer(),
  /** What would be done beyond the items that are listed. */
  unlisted: Type.Integer(),
  items: Type.Array(Item),
  nextCursor: Nullable(Type.String()),
})

const showPreview = ({ id, at, expiresAt, counts, complete, undecided, unlisted }: PreviewRow) => ({
  id,
  at: at.toISOString(),
  expiresAt: expiresAt.toISOString(),
  counts,
  complete,
  undecided,
  unlisted,
})

const showItem = ({
  side,
  action,
  entryId,
  externalId,
  title,
  time,
  repeats,
  fields,
  reason,
}: PreviewItem) => ({
  side,
  action,
  entryId,
  externalId,
  title,
  time: time && showTime(time),
  repeats,
  fields,
  reason,
})
