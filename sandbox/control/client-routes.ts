import type { FastifyInstance } from 'fastify'
import type { JsonObject } from '../json.ts'
import { audiences, type Client } from '../oauth/types.ts'
import type { World } from '../world.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'
import { fieldsOf, type Fields } from './fields.ts'

const common = ['vendor', 'clientId', 'clientSecret', 'redirectUris']
const ofVendor = {
  google: ['scopes', 'testing', 'internalTo', 'accessLimitSeconds'],
  microsoft: ['audience', 'tenant', 'secretExpired', 'needsAdminConsent', 'singlePage'],
}

/** Applications as they are registered with the vendors. */
export function clientRoutes(app: FastifyInstance, world: World): void {
  app.get('/_sandbox/clients', () => ({
    items: [...world.state.clients.values()].map(withoutSecret),
    nextCursor: null,
  }))
  // What is said of a client that is there changes it; null takes something back.
  app.post('/_sandbox/clients', (request) => {
    const client = readClient(world, bodyOf(request))
    world.state.clients.set(client.clientId, client)
    return withoutSecret(client)
  })
  app.delete<{ Params: { id: string } }>('/_sandbox/clients/:id', (request, reply) => {
    if (!world.state.clients.delete(request.params.id))
      throw new ControlError(404, 'There is no such client.')
    return reply.status(204).send()
  })
}

function withoutSecret({ clientSecret: _secret, ...client }: Client): Omit<Client, 'clientSecret'> {
  return client
}

function readClient(world: World, body: JsonObject): Client {
  const wishes = fieldsOf(body)
  const clientId = wishes.text('clientId')
  const known = world.state.clients.get(clientId ?? '')
  const fields = fieldsOf({ ...known, ...body })
  const vendor = fields.oneOf('vendor', ['google', 'microsoft'])
  const clientSecret = fields.text('clientSecret')
  if (clientId === undefined || vendor === undefined || clientSecret === undefined)
    throw new ControlError(400, 'A client needs vendor, clientId and clientSecret.')
  if (known !== undefined && known.vendor !== vendor)
    throw new ControlError(400, `vendor must be ${known.vendor}: that is whose client ${clientId} is.`)
  fields.allowOnly([...common, ...ofVendor[vendor]])
  return {
    vendor,
    clientId,
    clientSecret,
    ...given('redirectUris', fields.texts('redirectUris')),
    ...(vendor === 'google' ? readGoogle(fields) : readMicrosoft(fields)),
  }
}

function readGoogle(fields: Fields): Partial<Client> {
  return {
    ...given('scopes', fields.texts('scopes')),
    ...given('testing', fields.flag('testing')),
    ...given('internalTo', fields.text('internalTo')),
    ...given('accessLimitSeconds', fields.whole('accessLimitSeconds', 1, 31_536_000)),
  }
}

function readMicrosoft(fields: Fields): Partial<Client> {
  const audience = fields.oneOf('audience', audiences)
  const tenant = fields.text('tenant')
  if (audience === 'one-tenant' && tenant === undefined)
    throw new ControlError(400, 'tenant must name the tenant of a one-tenant client, by its id or domain.')
  return {
    ...given('audience', audience),
    ...given('tenant', tenant),
    ...given('secretExpired', fields.flag('secretExpired')),
    ...given('needsAdminConsent', fields.flag('needsAdminConsent')),
    ...given('singlePage', fields.flag('singlePage')),
  }
}

/** Leaves out what was not given, since an absent member and an undefined one differ. */
function given<N extends keyof Client>(name: N, value: Client[N] | undefined): Partial<Client> {
  return value === undefined ? {} : { [name]: value }
}
