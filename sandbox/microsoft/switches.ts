import { switchesOf } from '../switch.ts'

/** What Microsoft's documentation leaves open. */
export const microsoftSwitches = {
  duplicateTransactionStatus: {
    about: 'The status of a create whose transactionId made another event before.',
    choices: [400, 409],
  },
  batchSharedDependency: {
    about:
      'Whether the requests of a batch may all depend on the same one instead of each on the one before it.',
    choices: ['refused', 'allowed'],
  },
  deltaGone: {
    about:
      'The answer to a delta link that is too old, by its code; location is resyncRequired with a Location header.',
    choices: ['SyncStateNotFound', 'syncStateInvalid', 'resyncRequired', 'fullSyncRequired', 'location'],
  },
  deltaGoneStatus: {
    about: 'The status of the answer to a delta link that is too old.',
    choices: [410, 400, 404],
  },
  malformedDeltaToken: {
    about: 'The status of a delta token that was never given out.',
    choices: [410, 400],
  },
  deltaSelect: {
    about: 'What $select does on a delta call.',
    choices: ['refused', 'ignored'],
  },
  deltaIdType: {
    about:
      'Whether each call of a delta round says by its header which ids it wants, or the first call does for all.',
    choices: ['header', 'token'],
  },
  deltaEmptyPages: {
    about: 'Whether an empty page comes before each page a delta round goes on with.',
    choices: ['never', 'between'],
  },
  deltaRepeats: {
    about: 'Whether a page of a delta round begins with the last item of the page before it once more.',
    choices: ['never', 'lastOfPage'],
  },
  deltaChangesMeanwhile: {
    about:
      'Where a change is told that happens between two pages of a delta round; in the same one it may come twice.',
    choices: ['nextRound', 'sameRound'],
  },
  deltaItems: {
    about:
      'Whether delta gives single events and masters in full, or as skeletons like some consumer mailboxes.',
    choices: ['full', 'skeletons'],
  },
  deltaMasters: {
    about: 'Where in a round a series master stands: before its occurrences or after them.',
    choices: ['first', 'last'],
  },
  deltaEarlyMasters: {
    about: 'Whether the master of a series that began before the window comes with its occurrences.',
    choices: ['told', 'omitted'],
  },
  deltaOutside: {
    about: 'Whether a change of an event that lies outside the window, and did before, is told as removed.',
    choices: ['told', 'silent'],
  },
  deltaReasonOfLeaving: {
    about: 'The reason delta gives for the removal of an event that is still there, outside the window.',
    choices: ['deleted', 'changed'],
  },
  unknownMembers: {
    about: 'What becomes of members of an event that Graph does not know; consumer mailboxes ignore them.',
    choices: ['refused', 'ignored'],
  },
  extendedPropertiesOnCreate: {
    about: 'Whether a new event keeps its extended properties; a consumer mailbox was seen to drop them.',
    choices: ['kept', 'dropped'],
  },
  originalZone: {
    about: 'The zone an event is kept as made in; consumer mailboxes may say UTC of every event.',
    choices: ['asSent', 'UTC'],
  },
  shortMonths: {
    about: 'What a month does that is too short for the day of a monthly or yearly pattern.',
    choices: ['lastDay', 'skipped'],
  },
  exceptionsOfChangedSeries: {
    about:
      'What becomes of changed and deleted occurrences when the rule or the time of their series changes.',
    choices: ['dropped', 'kept'],
  },
  ifMatchOnDelete: {
    about: 'Whether If-Match is looked at on a DELETE.',
    choices: ['checked', 'ignored'],
  },
  filterCase: {
    about: 'Whether a $filter minds the case of letters in texts.',
    choices: ['ignored', 'minded'],
  },
  topMax: {
    about: 'The most that $top may ask for.',
    choices: [1000, 999, 500],
  },
  topBeyondMax: {
    about: 'What becomes of a $top that asks for more.',
    choices: ['refused', 'capped'],
  },
  viewEdges: {
    about: 'Whether a calendarView shows what only touches its window from outside.',
    choices: ['excluded', 'included'],
  },
  viewSelectsModified: {
    about: 'What becomes of createdDateTime and lastModifiedDateTime in the $select of a calendarView.',
    choices: ['omitted', 'refused'],
  },
  addsOnlineMeeting: {
    about: 'Whether a mailbox makes new events online meetings unasked, or only those with attendees.',
    choices: ['never', 'toMeetings', 'always'],
  },
  copyEdits: {
    about:
      'What becomes of a guest’s change to what the organizer decides: it stays in the copy, or is refused.',
    choices: ['local', 'refused'],
  },
  declinedCopies: {
    about: 'Whether a declined meeting leaves the guest’s calendar.',
    choices: ['removed', 'kept'],
  },
  staleOccurrenceSeconds: {
    about: 'How long after a patch of an occurrence a GET of it may still show it as it was.',
    choices: [0, 5, 60],
  },
  canonicalAttendees: {
    about: 'Whether Exchange adds a second row for each attendee, under the address it knows them by.',
    choices: [false, true],
  },
  requestsPerMailbox: {
    about: 'How many requests of an app a mailbox serves in ten minutes; 0 counts none.',
    choices: [10_000, 0, 1000, 100, 20, 5],
  },
  requestsPerApp: {
    about: 'How many requests of an app are served in ten seconds for all mailboxes together; 0 counts none.',
    choices: [130_000, 0, 20_000, 100, 10],
  },
  retryAfter: {
    about: 'Whether a throttled request is told how long to wait.',
    choices: ['given', 'absent'],
  },
  earlyRetry: {
    about: 'What a request does that comes before the wait is over that one before it was told of.',
    choices: ['extends', 'nothing'],
  },
  folderExistsStatus: {
    about: 'The status of a calendar whose name another one has.',
    choices: [400, 409],
  },
  subscriptionMinutesMax: {
    about: 'How many minutes a subscription to events can live at most.',
    choices: [10_080, 10_070, 4230],
  },
  subscriptionsPerMailbox: {
    about: 'How many subscriptions of all apps a mailbox can have at once.',
    choices: [1000, 3],
  },
  sameSubscription: {
    about:
      'What becomes of a second subscription of an app to the same changes of the same resource: 409, or it is made.',
    choices: ['refused', 'allowed'],
  },
  meEventsCoverage: {
    about: 'Whether a subscription to /me/events tells of the default calendar or of every calendar.',
    choices: ['default', 'all'],
  },
  clientStateOnGet: {
    about: 'Whether a subscription tells its clientState once it was made.',
    choices: ['null', 'shown'],
  },
  unknownSubscriptionCode: {
    about: 'The code of the answer about a subscription that is unknown.',
    choices: ['ResourceNotFound', 'ExtensionError'],
  },
  handshakeErrorCode: {
    about: 'The code of a refusal because an address did not prove that it listens.',
    choices: ['ValidationError', 'InvalidRequest'],
  },
  answerWithinMs: {
    about: 'How many milliseconds an address has to prove that it listens.',
    choices: [10_000, 200],
  },
  renewalAndReauthorization: {
    about:
      'What becomes of a renewal within ten minutes of a reauthorization, or the other way round: 409, or it is done.',
    choices: ['refused', 'allowed'],
  },
  subscriptionAuthorization: {
    about:
      'Whether notifications stop with the token a subscription was last made or renewed with, after a warning.',
    choices: ['token', 'lasting'],
  },
  createdNotification: {
    about: 'What a new event is told as: often as created and, right after, as updated.',
    choices: ['createdAndUpdated', 'created'],
  },
  notificationBatches: {
    about: 'Whether one message holds changes of one mailbox or of all that have the same address.',
    choices: ['mailbox', 'address'],
  },
  notificationRetries: {
    about:
      'How a notification is repeated: after 0.1, 0.4 and 1.6 seconds, or with growing pauses for four hours.',
    choices: ['quick', 'fourHours'],
  },
  slowAnswerMs: {
    about:
      'An answer to a notification is slow when it takes more milliseconds than this; with 0 each one is.',
    choices: [10_000, 2900, 0],
  },
  slowPercent: {
    about: 'More slow answers than this in ten minutes, in per cent, and new notifications come late.',
    choices: [10, 30],
  },
  slowDelaySeconds: {
    about: 'How late new notifications come to a slow address.',
    choices: [10, 600],
  },
  dropPercent: {
    about:
      'More slow answers than this in ten minutes, in per cent, and new notifications are dropped for ten minutes.',
    choices: [15, 50],
  },
  challenge: {
    about:
      'Whether the refusal of a revoked access token holds a claims challenge, as for clients that can evaluate one.',
    choices: ['plain', 'claims'],
  },
  accessTokenSeconds: {
    about:
      'How long access tokens live: 60 to 90 minutes by chance (personal accounts: an hour), or 3599 seconds.',
    choices: ['random', 3599],
  },
  interactionError: {
    about: 'What the token endpoint calls a refusal that a person can mend by signing in again.',
    choices: ['interaction_required', 'invalid_grant'],
  },
  identityIssuer: {
    about: 'Whose identity tokens say they are: the vendor’s, or those of the sandbox’s own address.',
    choices: ['vendor', 'sandbox'],
  },
} as const

/** How a switch of Microsoft's stands. */
export const microsoftSwitch = switchesOf('microsoft', microsoftSwitches)
