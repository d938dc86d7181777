import type { Defect } from './defect.ts'

const oneEntry = 'tests/activities/one-event-one-entry.test.ts'
const journey = 'tests/activities/journey.test.ts'
const contract = 'tests/providers/contract.test.ts'
const lateWrites = 'tests/activities/late-writes.test.ts'

/** Events that are there twice, or come back. */
export const doubles: Defect[] = [
  {
    name: 'Google chooses the id of what we make, so that a lost answer makes it twice',
    changes: [{ file: 'providers/google/index.ts', find: '        id: key,\n', replace: '' }],
    caughtBy: [
      { file: contract, test: 'a create asked twice with one key makes one event' },
      { file: journey, test: 'a create whose answer is lost is not doubled' },
    ],
  },
  {
    name: 'what we make in Outlook carries no transaction id, so that asking again makes it twice',
    changes: [{ file: 'providers/microsoft/index.ts', find: '        transactionId: key,\n', replace: '' }],
    caughtBy: [{ file: contract, test: 'a create asked twice with one key makes one event' }],
  },
  {
    name: 'every try of a create has a key of its own',
    changes: [
      {
        file: 'activities/push.ts',
        find: 'held.calendar.createEvent(intent.idempotencyKey, intent.projection)',
        replace:
          'held.calendar.createEvent(intent.idempotencyKey.replace(/^./, String(intent.attempts % 10)), intent.projection)',
      },
      {
        file: 'activities/settle-unknown.ts',
        find: 'held.calendar.findCreated(intent.idempotencyKey, intent.projection)',
        replace: 'held.calendar.findCreated(`${intent.idempotencyKey}0`, intent.projection)',
      },
    ],
    caughtBy: [{ file: journey, test: 'a create whose answer is lost is not doubled' }],
  },
  {
    name: 'a write is said to be sent only once it was answered',
    changes: [
      {
        file: 'activities/push.ts',
        find: 'if (mapping) await markSent(db, intent.id)\n  else await',
        replace: 'if (!mapping) await',
      },
    ],
    caughtBy: [{ file: lateWrites, test: 'an update whose answer is lost is no edit of theirs' }],
  },
  {
    name: 'our own copy coming back is taken for a new event',
    changes: [
      {
        file: 'activities/meet-event.ts',
        find: 'if (pair.madeBy) return recognise(setting, external, pair.madeBy)',
        replace: '',
      },
    ],
    caughtBy: [{ file: lateWrites, test: 'a create that arrives when its entry has another copy already' }],
  },
  {
    name: 'the same meeting in a member’s two calendars is two entries',
    changes: [
      {
        file: 'activities/load-pairs.ts',
        find: 'const meetings = await findEntriesByMeeting(db, provider.memberId, uids(strangers))',
        replace: 'const meetings = await findEntriesByMeeting(db, provider.memberId, [])',
      },
      {
        file: 'activities/meet-event.ts',
        find: '      icalUid,\n      assignees',
        replace: '      icalUid: icalUid && setting.newId(),\n      assignees',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'the same meeting in both accounts is one entry' }],
  },
  {
    name: 'two members invited to one meeting share an entry, and only one of them sees it',
    changes: [
      {
        file: 'db/schedule-entries.ts',
        find: '.where(and(eq(scheduleEntries.ownerId, ownerId), anyOf(scheduleEntries.icalUid, icalUids)))',
        replace: '.where(inArray(scheduleEntries.icalUid, icalUids))',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'two members invited to one meeting have an entry each' }],
  },
  {
    name: 'a member put back on the entry of their own event gets a copy beside it',
    changes: [
      {
        file: 'activities/load-pairs.ts',
        find: 'unpaired.flatMap((entry) => (entry.ownerId === provider.memberId ? (entry.icalUid ?? []) : [])),',
        replace: '[],',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'a member put back on the entry of their own event' }],
  },
  {
    name: 'an event that moves to another calendar of its member is deleted there and made anew here',
    changes: [
      {
        file: 'activities/carry-out.ts',
        find: "const lives = pair.isHeldElsewhere && mapping.origin === 'external'",
        replace: "const lives = pair.isHeldElsewhere && mapping.origin !== 'external'",
      },
    ],
    caughtBy: [
      { file: oneEntry, test: 'an event moved between two connected calendars stays the same entry' },
    ],
  },
  {
    name: 'an event that its member was released from brings its entry back when it is edited',
    changes: [
      {
        file: 'activities/meet-event.ts',
        find: 'if (!meeting.assignees.includes(setting.provider.memberId)) return nothing',
        replace: '',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'an entry that its last member deleted is not brought back' }],
  },
  {
    name: 'entries go to the calendars of people they are not for',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: '    pair.assignees.includes(provider.memberId) &&\n',
        replace: '',
      },
      {
        file: 'db/pending.ts',
        find: 'on a.entry_id = e.id and a.member_id = ${provider.memberId}::uuid',
        replace: 'on a.entry_id = e.id',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'a calendar that is connected gets the entries of its member alone' }],
  },
  {
    name: 'an entry that is restored asks for its copy under the key of the one that was deleted',
    changes: [
      {
        file: 'activities/pair-work.ts',
        find: 'const key = idempotencyKey(provider.vendor, mapping.id, generation)',
        replace: 'const key = idempotencyKey(provider.vendor, entry.id, 1)',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/restore.test.ts',
        test: 'an entry restored after its event was deleted in the calendar has one event again',
      },
    ],
  },
  {
    name: 'a pair whose two sides are gone stays, and its restored entry is deleted again',
    changes: [
      {
        file: 'activities/carry-out.ts',
        find: "    case 'forget':\n      return { ...nothing, mappings: [retired(mapping, now)] }",
        replace: "    case 'forget':\n      return nothing",
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/restore.test.ts',
        test: 'an entry restored after both sides deleted it has one event again',
      },
    ],
  },
]
