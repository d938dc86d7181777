import type { Defect } from './defect.ts'

const moved = 'tests/activities/moved-mailbox.test.ts'

/** Mailboxes that move and take other ids along. */
export const moves: Defect[] = [
  {
    name: 'an event of a mailbox that moved is not known again by its meeting',
    changes: [
      {
        file: 'activities/relink.ts',
        find: 'Boolean(icalUid) && icalUid === event.icalUid',
        replace: "icalUid === '' && icalUid === event.icalUid",
      },
    ],
    caughtBy: [{ file: moved, test: 'changes no entry and no pair, and nothing is written to it' }],
  },
  {
    name: 'what the window of a mailbox that moved does not show counts as deleted',
    changes: [
      {
        file: 'activities/confirm-absence.ts',
        find: 'return mayHaveMoved ? withMoved(held, absent, observations, shown) : {',
        replace: 'return mayHaveMoved && shown.size < 0 ? withMoved(held, absent, observations, shown) : {',
      },
    ],
    caughtBy: [{ file: moved, test: 'an event out of the window is found in the mailbox that moved' }],
  },
  {
    name: 'a write whose answer was lost is looked up by an id of before the mailbox moved',
    changes: [
      {
        file: 'activities/settle-and-pull.ts',
        find: 'if (!isUnderOtherIds(held)) {',
        replace: 'if (!isUnderOtherIds(held) || runId) {',
      },
    ],
    caughtBy: [{ file: moved, test: 'whose answer was lost before it moved' }],
  },
  {
    name: 'what was decided is written by ids of before the mailbox moved',
    changes: [
      {
        file: 'activities/push.ts',
        find: "if (isUnderOtherIds(held)) return 'moved' as const\n",
        replace: '',
      },
    ],
    caughtBy: [{ file: moved, test: 'nothing is written where ids may lead nowhere' }],
  },
  {
    name: 'a series of a mailbox that moved leaves its changed occurrences behind',
    changes: [
      {
        file: 'db/moved-ids.ts',
        find: "split_part(${column}, '#', 1)",
        replace: '${column}',
      },
    ],
    caughtBy: [{ file: moved, test: 'changes no entry and no pair, and nothing is written to it' }],
  },
  {
    name: 'an event that is still there counts as moved when another one has its iCalendar UID',
    changes: [
      {
        file: 'activities/relink.ts',
        find: 'if (await isGone(held.calendar, externalId)) return externalId',
        replace: "if (held.calendar && externalId !== '') return externalId",
      },
    ],
    caughtBy: [
      { file: moved, test: 'an event with the iCalendar UID of another that is still there is another one' },
    ],
  },
  {
    name: 'a mailbox that was made anew is taken for the one that was connected',
    changes: [
      {
        file: 'activities/resolve-anew.ts',
        find: '  if (!(await showsWhatWeHold(held, byName))) return undefined\n',
        replace: '  await showsWhatWeHold(held, byName)\n',
      },
    ],
    caughtBy: [
      { file: moved, test: 'a calendar of the same name that shows nothing of ours is not taken for it' },
    ],
  },
  {
    name: 'a calendar that moves loses what is known of when it was connected before',
    changes: [
      {
        file: 'db/providers.ts',
        find: '.where(sql`${providers.id} in (${predecessorsOf(id)})`)',
        replace: '.where(sql`${providers.id} in (${predecessorsOf(id)}) and false`)',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/disconnect.test.ts',
        test: 'what was deleted before the calendar was connected again stays away when its mailbox moves',
      },
    ],
  },
  {
    name: 'a meeting is held against what was agreed about our copy of it when its calendar comes back',
    changes: [
      {
        file: 'activities/load-pairs.ts',
        find: "const former = shown && had?.origin === 'schedule' ? null : had",
        replace: 'const former = had',
      },
      {
        file: 'activities/load-pairs.ts',
        find: 'const shown = isHadHere ? undefined : meant',
        replace: 'const shown = isHadHere && meant === undefined ? undefined : meant',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/disconnect.test.ts',
        test: 'that had a copy of a meeting which then came to it shows the meeting alone when it is back',
      },
    ],
  },
  {
    name: 'a deletion that comes before the first decision about a calendar that is back is not one',
    changes: [
      {
        file: 'activities/rejoin.ts',
        find: '=> deleted && revision === 1',
        replace: '=> deleted && revision > 0',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/disconnect.test.ts',
        test: 'takes a deletion for one that comes after its calendar was seen again',
      },
    ],
  },
  {
    name: 'a deletion that was carried out since a calendar is back is met again when its entry is restored',
    changes: [
      {
        file: 'activities/rejoin.ts',
        find: '  if (external.deleted && pair.lastGeneration > 0) return null\n',
        replace: '',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/disconnect.test.ts',
        test: 'makes an entry anew that is restored after its deletion had reached the calendar that came back',
      },
    ],
  },
]
