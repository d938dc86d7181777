import type { FastifyInstance, FastifyRequest } from 'fastify'
import { WINDOWS_TO_IANA_MAP } from 'windows-iana'
import { textOf, type JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { ianaZoneOf, withOffset } from '../zones.ts'
import { itemAnswer, listAnswer, type Shown } from './answers.ts'
import { mailboxBases, metadata, readCall } from './calls.ts'
import { GraphError, invalidRequest, itemNotFound, notPlayed } from './errors.ts'
import { changeMailbox, mailboxFacts } from './mailbox.ts'
import { deserialise } from './odata/deserialise.ts'
import { categoryType } from './odata/mailbox-types.ts'
import type { Category, MicrosoftAccount } from './types.ts'

const readScopes = ['MailboxSettings.Read', 'MailboxSettings.ReadWrite', 'User.Read', 'User.ReadBasic.All']
const writeScopes = ['MailboxSettings.ReadWrite']
type OfCategory = FastifyRequest<{ Params: { categoryId: string } }>

/** What Outlook offers a mailbox: the zones it knows, and the categories of its items. */
export function microsoftOutlookRoutes(app: FastifyInstance, world: World): void {
  for (const base of mailboxBases) {
    app.get(`${base}/outlook/:name`, (request: FastifyRequest<{ Params: { name: string } }>, reply) => {
      readCall(world, request, reply, readScopes)
      const { name } = request.params
      const standard = zoneStandard(name)
      if (standard === undefined) throw notPlayed(`outlook/${name}`)
      return { '@odata.context': `${metadata}#Collection(timeZoneInformation)`, value: zonesOf(standard) }
    })
    categoryRoutes(app, world, `${base}/outlook/masterCategories`)
  }
}

function categoryRoutes(app: FastifyInstance, world: World, path: string): void {
  const find = (account: MicrosoftAccount, id: string): Category => {
    const found = mailboxFacts(world, account).categories.find((one) => one.id === id)
    if (found === undefined) throw itemNotFound()
    return found
  }

  app.get(path, (request, reply) => {
    const { account } = readCall(world, request, reply, readScopes)
    const items = mailboxFacts(world, account).categories.map((one) => ({ ...one }))
    return listAnswer(world, request, shownIn(account), items, 1000)
  })

  app.post(path, (request, reply) => {
    const { account } = readCall(world, request, reply, writeScopes)
    const { categories } = mailboxFacts(world, account)
    const made = { id: world.random.uuid(), ...newCategory(categories, request.body) }
    changeMailbox(world, account, { categories: [...categories, made] })
    return reply.status(201).send(itemAnswer({}, shownIn(account), made))
  })

  app.get(`${path}/:categoryId`, (request: OfCategory, reply) => {
    const { account } = readCall(world, request, reply, readScopes)
    return itemAnswer(request.query, shownIn(account), { ...find(account, request.params.categoryId) })
  })

  app.patch(`${path}/:categoryId`, (request: OfCategory, reply) => {
    const { account } = readCall(world, request, reply, writeScopes)
    const category = find(account, request.params.categoryId)
    const { color } = wishOf(request.body)
    const changed = { ...category, color: textOf(color) ?? category.color }
    const { categories } = mailboxFacts(world, account)
    changeMailbox(world, account, {
      categories: categories.map((one) => (one.id === changed.id ? changed : one)),
    })
    return itemAnswer({}, shownIn(account), changed)
  })

  app.delete(`${path}/:categoryId`, (request: OfCategory, reply) => {
    const { account } = readCall(world, request, reply, writeScopes)
    const { id } = find(account, request.params.categoryId)
    const { categories } = mailboxFacts(world, account)
    changeMailbox(world, account, { categories: categories.filter((one) => one.id !== id) })
    return reply.status(204).send()
  })
}

function shownIn({ subject }: MicrosoftAccount): Shown {
  return { context: `users('${subject}')/outlook/masterCategories`, type: categoryType }
}

function wishOf(sent: unknown): JsonObject {
  if (sent === undefined || sent === null) throw invalidRequest('Empty Payload. JSON content expected.')
  return deserialise(sent, categoryType, 'refused')
}

function newCategory(known: readonly Category[], sent: unknown): Omit<Category, 'id'> {
  const { displayName, color } = wishOf(sent)
  const name = textOf(displayName)?.trim()
  if (!name || name.length > 255) throw invalidRequest('The name of a category has 1 to 255 characters.')
  if (known.some((one) => one.displayName.toLowerCase() === name.toLowerCase()))
    throw new GraphError(409, 'CategoryNameDuplicate', 'A category with the specified name already exists.')
  return { displayName: name, color: textOf(color) ?? 'none' }
}

type Standard = 'Windows' | 'Iana'

/** Which names of zones are asked for; nothing when the function is another one. */
function zoneStandard(name: string): Standard | undefined {
  const [, parameters] = /^(?:microsoft\.graph\.)?supportedTimeZones(?:\((.*)\))?$/i.exec(name) ?? [
    null,
    null,
  ]
  if (parameters === null) return undefined
  if (parameters === undefined || parameters === '') return 'Windows'
  const [, standard] =
    /^TimeZoneStandard=(?:microsoft\.graph\.timeZoneStandard)?'(Windows|Iana)'$/i.exec(parameters) ?? []
  if (standard === undefined)
    throw new GraphError(
      400,
      'BadRequest',
      `The parameters '${parameters}' of supportedTimeZones are unknown.`,
    )
  return standard.toLowerCase() === 'iana' ? 'Iana' : 'Windows'
}

/** The zones with their names for people: the offset outside of summer time, and the name again. */
function zonesOf(standard: Standard): { alias: string; displayName: string }[] {
  const names =
    standard === 'Windows'
      ? [...new Set(WINDOWS_TO_IANA_MAP.map(({ windowsName }) => windowsName))]
      : Intl.supportedValuesOf('timeZone')
  return names.flatMap((alias) => {
    const zone = ianaZoneOf(alias)
    if (zone === undefined) return []
    const offset = withOffset(Date.UTC(2026, 0, 1), zone)
      .slice(19)
      .replace('Z', '+00:00')
    return [{ alias, displayName: `(UTC${offset}) ${alias}` }]
  })
}
