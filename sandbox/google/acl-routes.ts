import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { accessAtLeast } from './access.ts'
import { findRule, readRule, readScope, ruleIdOf, saveRule } from './acl.ts'
import { callerOf } from './caller.ts'
import { watchCalendar } from './channels.ts'
import { listCollection } from './collections.ts'
import { GoogleError, invalid, notFound } from './errors.ts'
import { answerTagged, checkIfMatch } from './etags.ts'
import { checkSyncParameters, flagOf, queryOf } from './parameters.ts'
import { rulesOf, type Role } from './roles.ts'
import type { AclEntry } from './types.ts'

type OfCalendar = { Params: { calendarId: string } }
type OfRule = { Params: { calendarId: string; ruleId: string } }

const writeScopes = ['calendar', 'calendar.acls']
const listScopes = [...writeScopes, 'calendar.acls.readonly']

/** Who may see and write a calendar. Writers read its rules, owners change them. */
export function googleAclRoutes(app: FastifyInstance, world: World): void {
  const path = '/calendar/v3/calendars/:calendarId/acl'

  const reach = (request: FastifyRequest<OfCalendar>, scopes: string[], least: Role) => {
    const { caller, account } = callerOf(world, request, scopes)
    return { caller, account, ...accessAtLeast(world, account, request.params.calendarId, least) }
  }

  app.get<OfCalendar>(path, (request, reply) => {
    const { calendar } = reach(request, listScopes, 'writer')
    const query = queryOf(request)
    checkSyncParameters(query, [], ['showDeleted'])
    const showsDeleted = flagOf(query, 'showDeleted')
    const isShown = ({ resource }: AclEntry): boolean => showsDeleted || resource.role !== 'none'
    const entries = rulesOf(world, calendar)
    const collection = { kind: 'calendar#acl', of: calendar.id, entries, isShown }
    return answerTagged(request, reply, listCollection(world, collection, query))
  })

  app.get<OfRule>(`${path}/:ruleId`, (request, reply) => {
    const { calendar } = reach(request, [...listScopes, 'calendar.readonly'], 'writer')
    return answerTagged(request, reply, findRule(world, calendar, request.params.ruleId).resource)
  })

  app.post<OfCalendar>(path, (request) => {
    const { account, calendar } = reach(request, writeScopes, 'owner')
    const rule = readRule(request.body)
    if (rule.scope === undefined || rule.role === undefined)
      throw new GoogleError(400, 'required', `Required: ${rule.scope === undefined ? 'scope' : 'role'}`)
    const wish = { scope: rule.scope, role: rule.role }
    return saveRule(world, account, calendar, wish, isMailed(request)).resource
  })

  for (const method of ['PATCH', 'PUT'] as const) {
    app.route<OfRule>({
      method,
      url: `${path}/:ruleId`,
      handler: (request) => {
        const { account, calendar } = reach(request, writeScopes, 'owner')
        const known = findRule(world, calendar, request.params.ruleId).resource
        checkIfMatch(request, known.etag)
        const rule = readRule(request.body)
        if (method === 'PUT' && rule.scope === undefined)
          throw new GoogleError(400, 'required', 'Required: scope')
        if (rule.scope !== undefined && ruleIdOf(rule.scope) !== known.id)
          throw invalid('The scope of a rule cannot be changed.')
        const wish = { scope: readScope(known.scope), role: rule.role ?? known.role }
        return saveRule(world, account, calendar, wish, isMailed(request)).resource
      },
    })
  }

  app.delete<OfRule>(`${path}/:ruleId`, (request, reply) => {
    const { account, calendar } = reach(request, writeScopes, 'owner')
    const { etag, role, scope } = findRule(world, calendar, request.params.ruleId).resource
    if (role === 'none') throw notFound()
    checkIfMatch(request, etag)
    saveRule(world, account, calendar, { scope: readScope(scope), role: 'none' }, false)
    return reply.status(204).send()
  })

  app.post<OfCalendar>(`${path}/watch`, (request) => {
    const { caller, calendar } = reach(request, listScopes, 'writer')
    return watchCalendar(world, caller, calendar, 'acl', request.body)
  })
}

function isMailed(request: FastifyRequest): boolean {
  const query = queryOf(request)
  return query['sendNotifications'] === undefined || flagOf(query, 'sendNotifications')
}
