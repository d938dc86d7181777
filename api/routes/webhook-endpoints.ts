import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Db } from '../../db/connection.ts'
import {
  countEndpoints,
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  updateEndpoint,
  wellHealth,
  type WebhookEndpoint as WebhookEndpointRow,
} from '../../db/webhook-endpoints.ts'
import { brokenUrlRule } from '../../domain/receivers.ts'
import type { ApiDeps } from '../dependencies.ts'
import {
  IssuedWebhookEndpoint,
  NewWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointChanges,
} from '../endpoint-schemas.ts'
import { wakeEndpoint } from '../endpoint-workflow.ts'
import { tenantOf } from '../principal.ts'
import { conflicting, forbidden, invalid } from '../problem.ts'
import { IdParams, listOf } from '../schemas.ts'
import { issueWebhookSecret } from '../webhook-secret.ts'

const endpointsMax = 20
/** How long the secret before signs too: a receiver that changes over has a day. */
const formerSecretMs = 24 * 60 * 60_000
const config = { atLeast: 'operator' } as const
const tags = ['webhook-endpoints']

/** Where the application is told of what happened. */
export function webhookEndpointRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/webhook-endpoints',
    { config, schema: { tags, response: { 200: listOf(WebhookEndpoint) } } },
    async (request) => {
      const endpoints = await deps.database.tenant(tenantOf(request), listEndpoints)
      return { items: endpoints.map(showEndpoint), nextCursor: null }
    },
  )

  routes.post(
    '/webhook-endpoints',
    {
      config,
      schema: {
        tags,
        description:
          'Events from now on are posted there, at least once, those of one entry in their order, and tried again for three days.',
        body: NewWebhookEndpoint,
        response: { 201: IssuedWebhookEndpoint },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request)
      requireCallable(deps, request.body.url)
      const { endpoint, secret } = newEndpoint(deps, tenantId, request.body)
      await deps.database.tenant(tenantId, (db) => addEndpoint(db, endpoint))
      return reply.status(201).send({ endpoint: showEndpoint(endpoint), secret })
    },
  )

  routes.get(
    '/webhook-endpoints/:id',
    { config, schema: { tags, params: IdParams, response: { 200: WebhookEndpoint } } },
    async (request) => {
      const { id } = request.params
      const endpoint = await deps.database.tenant(tenantOf(request), (db) => findEndpoint(db, id))
      if (!endpoint) throw forbidden()
      return showEndpoint(endpoint)
    },
  )

  routes.patch(
    '/webhook-endpoints/:id',
    {
      config,
      schema: {
        tags,
        description:
          'What happens while an endpoint is disabled is not kept for it; what waited for it before is sent when it is enabled again.',
        params: IdParams,
        body: WebhookEndpointChanges,
        response: { 200: WebhookEndpoint },
      },
    },
    async (request) => {
      const tenantId = tenantOf(request)
      const { id } = request.params
      const { body } = request
      if (body.url !== undefined) requireCallable(deps, body.url)
      // Another address, or a person who says that it is well: it is tried at once.
      const isAnew = body.url !== undefined || body.enabled === true
      const endpoint = await changeEndpoint(deps, tenantId, id, () => ({
        ...body,
        ...(body.enabled === undefined ? {} : { disabledReason: null }),
        ...(isAnew ? wellHealth : {}),
      }))
      if (isAnew) await wakeEndpoint(deps, { tenantId, endpointId: id }, request.log)
      return showEndpoint(endpoint)
    },
  )

  routes.delete(
    '/webhook-endpoints/:id',
    {
      config,
      schema: {
        tags,
        description: 'What waits for it is not sent any more, and the log of its deliveries goes with it.',
        params: IdParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request)
      const { id } = request.params
      await deps.database.tenant(tenantId, async (db) => {
        if (!(await lockEndpoint(db, id))) throw forbidden()
        await deleteEndpoint(db, id)
      })
      await wakeEndpoint(deps, { tenantId, endpointId: id }, request.log)
      return reply.status(204).send(null)
    },
  )

  routes.post(
    '/webhook-endpoints/:id/rotate-secret',
    {
      config,
      schema: {
        tags,
        description: 'Makes a new secret. For a day each call is signed with the one before too.',
        params: IdParams,
        response: { 200: IssuedWebhookEndpoint },
      },
    },
    async (request) => {
      const tenantId = tenantOf(request)
      const { id } = request.params
      const { secret, ciphertext } = issueWebhookSecret(deps, { id, tenantId })
      const endpoint = await changeEndpoint(deps, tenantId, id, ({ secretCiphertext }) => ({
        secretCiphertext: ciphertext,
        formerSecretCiphertext: secretCiphertext,
        formerSecretUntil: new Date(deps.now().getTime() + formerSecretMs),
      }))
      return { endpoint: showEndpoint(endpoint), secret }
    },
  )
}

function newEndpoint(
  deps: ApiDeps,
  tenantId: string,
  wish: Static<typeof NewWebhookEndpoint>,
): { endpoint: WebhookEndpointRow; secret: string } {
  const now = deps.now()
  const id = deps.newId()
  const { secret, ciphertext } = issueWebhookSecret(deps, { id, tenantId })
  const endpoint = {
    id,
    tenantId,
    url: wish.url,
    description: wish.description ?? '',
    types: wish.types ?? null,
    enabled: wish.enabled ?? true,
    disabledReason: null,
    secretCiphertext: ciphertext,
    formerSecretCiphertext: null,
    formerSecretUntil: null,
    ...wellHealth,
    createdAt: now,
    updatedAt: now,
  }
  return { endpoint, secret }
}

function requireCallable({ config }: ApiDeps, url: string): void {
  const rule = brokenUrlRule(url, { networks: config.webhookNetworks })
  if (rule !== undefined) throw invalid('url', rule)
}

async function addEndpoint(db: Db, endpoint: WebhookEndpointRow): Promise<void> {
  if ((await countEndpoints(db)) >= endpointsMax)
    throw conflicting(
      'too-many-endpoints',
      `There are ${endpointsMax} webhook endpoints already: delete one first.`,
    )
  await insertEndpoint(db, endpoint)
}

async function changeEndpoint(
  deps: ApiDeps,
  tenantId: string,
  id: string,
  changesOf: (current: WebhookEndpointRow) => Partial<WebhookEndpointRow>,
): Promise<WebhookEndpointRow> {
  return deps.database.tenant(tenantId, async (db) => {
    const current = await lockEndpoint(db, id)
    if (!current) throw forbidden()
    const changes = { ...changesOf(current), updatedAt: deps.now() }
    await updateEndpoint(db, id, changes)
    return { ...current, ...changes }
  })
}

const showEndpoint = (endpoint: WebhookEndpointRow) => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  types: endpoint.types,
  enabled: endpoint.enabled,
  disabledReason: endpoint.disabledReason,
  failures: endpoint.failures,
  failingSince: endpoint.failingSince?.toISOString() ?? null,
  formerSecretUntil: endpoint.formerSecretUntil?.toISOString() ?? null,
  createdAt: endpoint.createdAt.toISOString(),
  updatedAt: endpoint.updatedAt.toISOString(),
})
