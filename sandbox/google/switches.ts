import { eventSwitches } from './event-switches.ts'
import { switchesOf } from '../switch.ts'

/** What Google's documentation leaves open. */
export const googleSwitches = {
  ...eventSwitches,
  missingAccessReason: {
    about: 'How somebody is refused who sees a calendar but may not do with it what was asked.',
    choices: ['forbidden', 'requiredAccessLevel'],
  },
  newCalendarTimeZone: {
    about: 'The time zone of a calendar made without one: UTC or that of its owner’s settings.',
    choices: ['UTC', 'owner'],
  },
  secondSubscription: {
    about: 'How a calendar that is in the list already is put into it: with 200, or refused with 409.',
    choices: [200, 409],
  },
  settingsListed: {
    about: 'Whether the list of settings has all of them or only those that differ from Google’s usual ones.',
    choices: ['all', 'changed'],
  },
  quotaPerUserPerMinute: {
    about: 'How many requests a person may make through a project within a minute; 0 counts none.',
    choices: [600, 0, 10, 60, 6000],
  },
  quotaPerProjectPerMinute: {
    about: 'How many requests a project may make within a minute; 0 counts none.',
    choices: [10_000, 0, 10, 60, 600],
  },
  writesPerCalendarPerSecond: {
    about:
      'How many writes to one calendar are taken within a second: there is a limit, of no known size. 0 counts none.',
    choices: [0, 1, 5, 10],
  },
  quotaStatus: {
    about: 'The status of a request that is too many.',
    choices: [403, 429],
  },
  quotaForm: {
    about:
      'Who answers a request that is too many: the calendar, or the front end, which names a status too.',
    choices: ['backend', 'frontEnd'],
  },
  batchPartsMax: {
    about: 'How many calls a batch holds at most; older pages and many libraries say 50.',
    choices: [1000, 50],
  },
  batchOrder: {
    about: 'Whether the calls of a batch are made in any order or as they stand.',
    choices: ['any', 'given'],
  },
  channelLifetimeDaysMax: {
    about: 'How many days a channel lives at most, however long it was asked for.',
    choices: [7, 14, 30],
  },
  syncMessage: {
    about: 'Whether a new channel says hello after its opening was answered or before.',
    choices: ['after', 'before'],
  },
  channelIdNotUniqueReason: {
    about: 'The reason given when a channel’s id is in use.',
    choices: ['channelIdNotUnique', 'push.channelIdNotUnique'],
  },
  channelsAfterRevocation: {
    about: 'Whether a channel keeps telling after the consent it was opened under was withdrawn.',
    choices: ['firing', 'silent'],
  },
  refreshTokenAfterOnlineAccess: {
    about:
      'Whether offline access brings a refresh token when the first exchange was for online access and consent is not asked for again.',
    choices: [false, true],
  },
  identityIssuer: {
    about: 'Whose identity tokens say they are: the vendor’s, or those of the sandbox’s own address.',
    choices: ['vendor', 'sandbox'],
  },
} as const

/** How a switch of Google's stands. */
export const googleSwitch = switchesOf('google', googleSwitches)
