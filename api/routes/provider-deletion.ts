import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { ApiDeps } from '../dependencies.ts'
import { causeOf, tenantOf } from '../principal.ts'
import { deleteProvider, readDeletion, type Deletion } from '../provider-deletion.ts'
import { CauseShape, Id, IdParams, Nullable, Timestamp } from '../schemas.ts'

/** Deleting a provider, and how far it is taken apart. Entries and the events of its calendar stay. */
export function providerDeletionRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.delete(
    '/providers/:id',
    {
      config: { atLeast: 'operator' },
      schema: { tags: ['providers'], params: IdParams, response: { 202: DeletedProvider } },
    },
    async (request, reply) => {
      const { id } = request.params
      const deletion = await deleteProvider(deps, tenantOf(request), id, causeOf(request))
      return reply.status(202).send(showDeletion(deletion))
    },
  )

  routes.get(
    '/providers/:id/deletion',
    { schema: { tags: ['providers'], params: IdParams, response: { 200: DeletedProvider } } },
    async (request) => showDeletion(await readDeletion(deps, tenantOf(request), request.params.id)),
  )
}

const DeletedProvider = Type.Object({
  id: Id,
  name: Type.String(),
  requestedAt: Timestamp,
  requestedBy: CauseShape,
  subscriptions: Nullable(
    Type.Enum(['stopped', 'none', 'left'], {
      description:
        '"left": the vendor could not be told; they end by themselves, and their messages are refused.',
    }),
  ),
  consent: Nullable(
    Type.Enum(['revoked', 'none', 'not-offered', 'shared', 'left'], {
      description:
        '"not-offered": Microsoft revokes nothing for one app. "shared": another calendar of the account lives by it.',
    }),
  ),
  secretsDeletedAt: Nullable(Timestamp),
  finishedAt: Nullable(Timestamp),
})

const showDeletion = ({ provider, disconnect }: Deletion): Static<typeof DeletedProvider> => ({
  id: provider.id,
  name: provider.name,
  requestedAt: disconnect.requestedAt.toISOString(),
  requestedBy: disconnect.requestedBy,
  subscriptions: disconnect.subscriptions,
  consent: disconnect.consent,
  secretsDeletedAt: disconnect.secretsDeletedAt?.toISOString() ?? null,
  finishedAt: disconnect.finishedAt?.toISOString() ?? null,
})
