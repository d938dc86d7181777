/** What Google's documentation leaves open about events. */
export const eventSwitches = {
  malformedSyncToken: {
    about: 'The status of a sync token that was never given out.',
    choices: [410, 400],
  },
  syncTokenDays: {
    about: 'How many days a sync token is honoured, and how far back updatedMin may lie.',
    choices: [29, 7, 90],
  },
  shortPages: {
    about: 'Whether pages hold fewer events than they could, now and then none, though more are to come.',
    choices: [false, true],
  },
  repeatedPropertyFilters: {
    about: 'Whether an event must have all of several extended properties that are asked for, or any.',
    choices: ['all', 'any'],
  },
  movedOutOfWindow: {
    about: 'How an incremental list from a windowed one tells of an event that left its window.',
    choices: ['as it is', 'as cancelled'],
  },
  startOutsideRule: {
    about: 'Whether the start of a series that its own rule does not name is an instance of it.',
    choices: ['counted', 'left out'],
  },
  subDailyRules: {
    about: 'Whether a series may recur by the hour, minute or second.',
    choices: ['refused', 'accepted'],
  },
  exceptionsOnRuleChange: {
    about:
      'What becomes of the exceptions of a series whose start or rule changes: those whose slot is gone are dropped, all are, or none.',
    choices: ['drop homeless', 'drop all', 'keep all'],
  },
  deletedRememberedDays: {
    about: 'How many days a deleted event can still be read and revived; its id stays taken for ever.',
    choices: [30, 1, 'ever'],
  },
  idWithUid: {
    about: 'Whether an insert may bring both an id and an iCalUID.',
    choices: ['refused', 'accepted'],
  },
  insertOfKnownUid: {
    about: 'What an insert with the iCalUID of another live event of the calendar does.',
    choices: ['accepted', 409],
  },
  importOfKnownUid: {
    about: 'What a second import of an iCalUID does: it replaces the event, or is refused with 409.',
    choices: ['replaces', 409],
  },
  lowerSequence: {
    about: 'What a write with a lower sequence than the present one is met with.',
    choices: ['refused', 'ignored'],
  },
  writeWithoutChange: {
    about: 'Whether a write that changes nothing gives the event a new etag.',
    choices: ['same etag', 'new etag'],
  },
  reminderOutOfRange: {
    about: 'Whether the minutes of a reminder beyond 0 to 40320 are drawn in or refused.',
    choices: ['drawn in', 'refused'],
  },
  guestEdits: {
    about: 'Whether a guest who may not change a meeting can change what it says on the own copy.',
    choices: ['on own copy', 'refused'],
  },
} as const
