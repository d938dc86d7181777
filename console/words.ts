import type { Mapping, Provider, Run, Vendor } from './answers.ts'

/** Every text of the console stands here. Dates follow the viewer's own English. */
export const locale = globalThis.navigator?.language.startsWith('en') ? globalThis.navigator.language : 'en'

const plural = new Intl.PluralRules('en')
const count = (amount: number, one: string, other = `${one}s`): string =>
  `${amount.toLocaleString(locale)} ${plural.select(amount) === 'one' ? one : other}`

export const vendorNames: Record<Vendor, string> = { google: 'Google', microsoft: 'Outlook' }
export const defaultCalendarIds: Record<Vendor, string> = { google: 'primary', microsoft: 'calendar' }

export const statuses: Record<Provider['status'], string> = {
  unauthorized: 'Not authorized',
  paused: 'Paused',
  disabled: 'Disabled',
  'reauthorization-required': 'Reauthorization required',
  syncing: 'Syncing',
  error: 'Error',
  'paused-by-conflict': 'Paused by a conflict',
  'deletions-held': 'Deletions held',
  connected: 'Connected',
}

export const authorizations: Record<Provider['authorization'], string> = {
  unauthorized: 'Not authorized yet',
  connected: 'OAuth Complete',
  'reauthorization-required': 'Consent ended: authorize again',
}

export const directions: Record<Provider['direction'], string> = {
  both: 'Both ways',
  inbound: 'Into the schedule only',
  outbound: 'Out of the schedule only',
}

export const subscriptionStates: Record<NonNullable<Provider['subscription']>['state'], string> = {
  active: 'Active',
  'polling-only': 'Polling only',
  none: 'None',
}

export const mappingStates: Record<Mapping['state'], string> = {
  creating: 'Being created',
  active: 'In sync',
  conflict: 'Conflict',
  unsupported: 'Unsupported',
  withdrawing: 'Being removed',
  retired: 'No longer synced',
}

const triggers: Record<Run['trigger'], string> = {
  connect: 'after connecting',
  webhook: 'after a notification',
  poll: 'on schedule',
  manual: 'on request',
}

export const words = {
  product: 'Calendar sync',
  settings: 'Settings',
  calendarIntegrations: 'Calendar Integrations',
  calendarIntegrationsAbout: 'The Google and Outlook calendars that are kept the same as the schedule.',
  schedule: 'Schedule',
  scheduleAbout: (zone: string) => `Entries from 7 days ago to 60 days ahead. Times are in ${zone}.`,
  apiDocs: 'API documentation',
  navigation: 'Sections',
  openNavigation: 'Open or close the sections',
  signOut: 'Sign out',
  close: 'Close',
  loading: 'Loading',

  noAnswer: 'The server does not answer.',
  unexpectedAnswer: (status: number) => `The server answered ${status}.`,
  outOfDate: (since: string) => `What you see was true ${since}. Asking again every few seconds.`,
  requestId: (id: string) => `Request id ${id}`,
  backgroundUnhealthy: 'The work in the background is not being done',
  couldNotLoad: 'This could not be loaded',
  unknownPage: 'There is no such page',
  unknownPageAbout: 'The address may be mistyped, or the page has moved.',
  toHome: 'To Calendar Integrations',

  signedOut: 'You are not signed in',
  signedOutAbout: (command: string) => [
    `Open the sign-in link that ${command} printed when it was ready. It works once and for ten minutes.`,
    'Is it used up? Stop the product with Ctrl-C and start it again: it prints a new link.',
  ],
  signedOutCommand: 'npm start',

  addCalendar: (vendor: Vendor) => `Add ${vendorNames[vendor]} Calendar`,
  noProviders: 'No calendar is connected yet',
  noProvidersAbout: 'Add a Google or an Outlook calendar to keep it the same as the schedule.',

  connectionStatus: 'Connection Status',
  oauth: 'OAuth',
  lastSync: 'Last Sync',
  syncDirection: 'Sync Direction',
  subscription: 'Subscription',
  events: 'Events',
  never: 'Never',
  justNow: 'just now',
  expires: (when: string) => `expires ${when}`,
  lastNotification: 'Last Notification',
  calendarOf: (account: string | null, calendarId: string) =>
    account === null ? calendarId : `${account} · ${calendarId}`,
  mapped: (amount: number) => `${amount.toLocaleString(locale)} mapped`,
  creating: (amount: number) => `${amount.toLocaleString(locale)} being created`,
  conflicts: (amount: number) => count(amount, 'conflict'),
  unsupported: (amount: number) => `${amount.toLocaleString(locale)} unsupported`,
  quarantined: (amount: number) => `${amount.toLocaleString(locale)} quarantined`,
  waiting: (amount: number) => `${amount.toLocaleString(locale)} waiting`,

  unsupportedTitle: 'Events that cannot be kept the same',
  unsupportedSome: (amount: number) => count(amount, 'event'),
  noReason: 'No reason was given.',
  noneUnsupported: 'There are none any more.',

  syncNow: 'Sync Now',
  syncing: 'Syncing…',
  syncNowOf: (name: string) => `Sync Now: ${name}`,
  syncingOf: (name: string) => `Syncing… ${name}`,
  runUnderWay: (run: NonNullable<Provider['run']>) => `Run ${run.number}, ${triggers[run.trigger]}`,
  syncNotStarted: 'The sync did not start',
  runCompleted: (number: number) => `Sync completed (run ${number})`,
  runSkipped: (number: number) => `Sync skipped (run ${number}): the calendar is paused or disabled.`,
  closeMessage: (title: string, name: string) => `Close "${title}" of ${name}`,

  authorize: 'Authorize',
  authorizeOf: (name: string) => `Authorize ${name}`,
  authorizing: (vendor: Vendor) => `Waiting for ${vendorNames[vendor]}…`,
  popupBlocked: 'The popup was blocked',
  popupBlockedAbout: 'Allow popups for this address in your browser, then press Authorize again.',
  notAuthorized: 'Authorizing did not begin',
  integrationMissing: (vendor: Vendor, reason: string | null) =>
    `Authorize is not possible until the OAuth client for ${vendorNames[vendor]} is set up. ${reason ?? ''}`,

  problemTitle: (code: string) => `The last sync failed: ${code}`,
  copy: 'Copy error',
  copyOf: (name: string) => `Copy the error of ${name}`,
  copied: 'Copied',
  copyFailed: 'Copying is not allowed here',
  problemText: (provider: Provider, error: NonNullable<Provider['error']>) =>
    [
      `Provider: ${provider.name} (${provider.vendor}, ${provider.id})`,
      `Code: ${error.code}`,
      `Message: ${error.message}`,
      `Request id: ${error.requestId ?? 'none'}`,
      `At: ${error.at}`,
    ].join('\n'),

  name: 'Name',
  nameAbout: 'As operators will know it: on the card, in messages and alerts.',
  nameMissing: 'Give the calendar a name.',
  member: 'Member',
  memberAbout: 'Whose calendar it is.',
  noMembers: 'There are no members yet. Make one by the API first.',
  calendarId: 'Calendar id',
  calendarIdAbout: (vendor: Vendor) =>
    `"${defaultCalendarIds[vendor]}" is the account's default calendar in ${vendorNames[vendor]}.`,
  enabled: 'Enabled',
  enabledAbout: 'A disabled calendar is kept and not synced.',
  save: 'Save',
  cancel: 'Cancel',
  notSaved: 'The calendar was not added',
  added: (name: string) => `${name} was added`,
  addedAbout: 'Authorize it now, so that syncing can begin. It can also be done later, on its card.',
  addedAuthorized: 'Its first sync has begun.',
  done: 'Done',

  allDay: 'All day',
  untilDay: (day: string) => `until ${day}`,
  today: 'Today',
  tomorrow: 'Tomorrow',
  yesterday: 'Yesterday',
  untitled: '(no title)',
  inZone: (zone: string, from: string, to: string) => `${from} – ${to} in ${zone}`,
  fromSchedule: 'Schedule',
  sourceAbout: (source: string) => `Made in: ${source}`,
  conflict: 'Conflict',
  conflictAbout: 'Edited on both sides since they last agreed. Nothing of either is overwritten.',
  stateIn: (provider: string, state: string) => `${provider}: ${state}`,
  notMapped: 'In no calendar yet',
  noEntries: 'The schedule is empty for these days',
  noEntriesAbout: 'Entries appear here as soon as an application or a connected calendar makes one.',
  moreEntries: 'Only the first 500 entries are shown.',
  entryCount: (amount: number) => count(amount, 'entry', 'entries'),
}

/** What a run did, leaving out what it did not do. */
export function runSummary({ counts }: Pick<Run, 'counts'>): string {
  const parts = [
    [counts['entriesCreated'], (n: number) => `${count(n, 'entry', 'entries')} created`],
    [counts['entriesUpdated'], (n: number) => `${count(n, 'entry', 'entries')} updated`],
    [counts['entriesDeleted'], (n: number) => `${count(n, 'entry', 'entries')} deleted`],
    [counts['sent'], (n: number) => `${count(n, 'change')} sent to the calendar`],
    [counts['conflicts'], (n: number) => count(n, 'conflict')],
    [counts['unsupported'], (n: number) => `${n} unsupported`],
    [counts['held'], (n: number) => `${count(n, 'deletion')} held`],
  ] as const
  const done = parts.flatMap(([amount = 0, say]) => (amount > 0 ? [say(amount)] : []))
  return done.length === 0
    ? 'Nothing had changed: 0 created, 0 updated, 0 deleted, 0 sent.'
    : `${done.join(', ')}.`
}
