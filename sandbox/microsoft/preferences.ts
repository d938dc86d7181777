import type { FastifyReply, FastifyRequest } from 'fastify'
import { numberOf } from '../json.ts'
import { ianaZoneOf } from '../zones.ts'
import { GraphError } from './errors.ts'

/** How a caller wants its answers, by its Prefer headers. */
export interface Preferences {
  /** Nothing when the caller did not say; times are then in UTC. */
  zone: { iana: string; name: string } | undefined
  immutableIds: boolean
  textBodies: boolean
  pageSize: number | undefined
}

export function readPreferences(request: FastifyRequest, reply: FastifyReply): Preferences {
  const values = headerText(request.headers['prefer'])
  const pick = (name: string): string | undefined =>
    new RegExp(`(?:^|[,;\\s])${name.replace('.', '\\.')}\\s*=\\s*(?:"([^"]*)"|([^,;\\s]+))`, 'i')
      .exec(values)
      ?.slice(1)
      .find((part) => part !== undefined)

  const zoneName = pick('outlook.timezone')
  const iana = zoneName === undefined ? undefined : ianaZoneOf(zoneName)
  if (zoneName !== undefined && iana === undefined) throw unknownZone(zoneName)
  const immutableIds = pick('IdType')?.toLowerCase() === 'immutableid'
  const textBodies = pick('outlook.body-content-type')?.toLowerCase() === 'text'
  const pageSize = numberOf(pick('odata.maxpagesize'))
  const applied = [
    ...(zoneName === undefined ? [] : [`outlook.timezone="${zoneName}"`]),
    ...(immutableIds ? ['IdType="ImmutableId"'] : []),
    ...(textBodies ? ['outlook.body-content-type="text"'] : []),
    ...(pageSize === undefined ? [] : [`odata.maxpagesize=${pageSize}`]),
  ]
  if (applied.length > 0) void reply.header('preference-applied', applied.join(', '))
  return {
    zone: zoneName === undefined || iana === undefined ? undefined : { iana, name: zoneName },
    immutableIds,
    textBodies,
    pageSize: pageSize === undefined || pageSize < 1 ? undefined : Math.floor(pageSize),
  }
}

export function unknownZone(name: string): GraphError {
  const message = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${name}'.`
  return new GraphError(400, 'TimeZoneNotSupportedException', message)
}

function headerText(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}
