import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject, textOf, type JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { ianaZoneOf } from '../zones.ts'
import { mailboxBases, metadata, readCall } from './calls.ts'
import { invalidRequest, itemNotFound } from './errors.ts'
import { changeMailbox, mailboxFacts } from './mailbox.ts'
import { deserialise } from './odata/deserialise.ts'
import { settingsType } from './odata/mailbox-types.ts'
import { unknownZone } from './preferences.ts'
import type { MailboxSettings, MicrosoftAccount } from './types.ts'

const readScopes = ['MailboxSettings.Read', 'MailboxSettings.ReadWrite']
const writeScopes = ['MailboxSettings.ReadWrite']
const writable = [
  'timeZone',
  'language',
  'dateFormat',
  'timeFormat',
  'delegateMeetingMessageDeliveryOptions',
  'workingHours',
] as const

/** The settings of a mailbox: https://learn.microsoft.com/graph/api/user-get-mailboxsettings */
export function microsoftSettingsRoutes(app: FastifyInstance, world: World): void {
  for (const base of mailboxBases) {
    const context = ({ subject }: MicrosoftAccount): string =>
      `${metadata}#users('${subject}')/mailboxSettings`

    app.get(`${base}/mailboxSettings`, (request, reply) => {
      const { account } = readCall(world, request, reply, readScopes)
      return { '@odata.context': context(account), ...shown(mailboxFacts(world, account).settings) }
    })

    app.get(
      `${base}/mailboxSettings/:setting`,
      (request: FastifyRequest<{ Params: { setting: string } }>, reply) => {
        const { account } = readCall(world, request, reply, readScopes)
        const { setting } = request.params
        const settings = shown(mailboxFacts(world, account).settings)
        const value = Object.hasOwn(settings, setting) ? settings[setting] : undefined
        if (value === undefined) throw itemNotFound()
        const place = { '@odata.context': `${context(account)}/${setting}` }
        return isObject(value) ? { ...place, ...value } : { ...place, value }
      },
    )

    app.patch(`${base}/mailboxSettings`, (request, reply) => {
      const { account } = readCall(world, request, reply, writeScopes)
      const before = mailboxFacts(world, account).settings
      const { settings } = changeMailbox(world, account, { settings: changed(before, request.body) })
      return { '@odata.context': context(account), ...shown(settings) }
    })
  }
}

function shown(settings: MailboxSettings): JsonObject {
  return {
    archiveFolder: null,
    ...settings,
    userPurpose: 'user',
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'all',
      internalReplyMessage: '',
      externalReplyMessage: '',
      scheduledStartDateTime: { dateTime: '2026-01-01T00:00:00.0000000', timeZone: 'UTC' },
      scheduledEndDateTime: { dateTime: '2026-01-02T00:00:00.0000000', timeZone: 'UTC' },
    },
  }
}

function changed(before: MailboxSettings, sent: unknown): MailboxSettings {
  if (sent === undefined || sent === null) throw invalidRequest('Empty Payload. JSON content expected.')
  const wish = deserialise(sent, settingsType, 'refused')
  const zone = textOf(wish['timeZone'])
  if (zone !== undefined && ianaZoneOf(zone) === undefined) throw unknownZone(zone)
  const given = writable.filter((name) => wish[name] !== undefined && wish[name] !== null)
  return Object.assign({ ...before }, Object.fromEntries(given.map((name) => [name, wish[name]])))
}
