import type { Defect } from './defect.ts'

const oneEntry = 'tests/activities/one-event-one-entry.test.ts'
const facts = 'tests/activities/facts.test.ts'
const brake = 'tests/activities/brake.test.ts'
const absence = 'tests/activities/absence.test.ts'

/** Events that vanish although nobody deleted them. */
export const deletions: Defect[] = [
  {
    name: 'taking a member off an entry deletes the entry, not only that member’s copy',
    changes: [
      {
        file: 'activities/carry-out.ts',
        find: 'return withdraw(setting, pair, mapping)',
        replace:
          'return { ...withdraw(setting, pair, mapping), ...(entry && entry.deletedAt === null ? changing(entry, entry.content, true) : {}) }',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'an unassigned member loses only the copy' }],
  },
  {
    name: 'the first member who deletes a shared visit in their calendar deletes it for all',
    changes: [
      {
        file: 'activities/carry-out.ts',
        find: 'if (others.length === 0) return { ...nothing',
        replace: 'if (others.length >= 0) return { ...nothing',
      },
    ],
    caughtBy: [{ file: oneEntry, test: 'a deletion by one of several assignees takes that member off' }],
  },
  {
    name: 'taking a member off their own event deletes the event in their calendar',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: "!isAssigned && mapping.origin === 'external'",
        replace: "!isAssigned && mapping.origin === 'external' && mapping.baseEntry === null",
      },
    ],
    caughtBy: [
      { file: oneEntry, test: 'unassigning a member from their own event leaves the event with them' },
    ],
  },
  {
    name: 'with changes flowing out only, a deletion in the calendar deletes the entry',
    changes: [
      {
        file: 'domain/reconcile.ts',
        find: "if (!flowsIn(policy.direction)) return localEdited ? { kind: 'recreate' } : { kind: 'rest' }",
        replace: '',
      },
    ],
    caughtBy: [
      { file: 'tests/domain/reconcile.test.ts', test: 'nothing is written against the direction' },
      { file: facts, test: 'in a way out only, an edit or a deletion there is left alone' },
    ],
  },
  {
    name: 'with changes flowing in only, a deletion in the schedule deletes the event',
    changes: [
      {
        file: 'domain/reconcile.ts',
        find: "if (local.kind === 'absent' || !canSend(policy)) return { kind: 'rest' }",
        replace: "if (local.kind === 'absent') return { kind: 'rest' }",
      },
    ],
    caughtBy: [
      { file: 'tests/domain/reconcile.test.ts', test: 'nothing is written against the direction' },
      { file: facts, test: 'in a way in only, nothing that happens here reaches the calendar' },
    ],
  },
  {
    name: 'what a full round showed unchanged counts as not shown',
    changes: [
      {
        file: 'activities/store-observations.ts',
        find: "if (kind === 'full') await markSeen(",
        replace: "if (kind !== 'full') await markSeen(",
      },
    ],
    caughtBy: [{ file: absence, test: 'only the last page of a round says what is not there' }],
  },
  {
    name: 'what the first page of a round does not show counts as gone',
    changes: [
      {
        file: 'activities/pull-round.ts',
        find: 'const absent = isLast ? await',
        replace: 'const absent = isLast || round.kind ? await',
      },
    ],
    caughtBy: [{ file: absence, test: 'only the last page of a round says what is not there' }],
  },
  {
    name: 'what we wrote while a round was under way counts as gone, for its page had been read',
    changes: [
      {
        file: 'db/external-events.ts',
        find: 'lt(externalEvents.observedAt, roundStartedAt),',
        replace: '',
      },
      {
        file: 'activities/confirm-write.ts',
        find: '  generation: held.cursor.generation,\n  at,\n  awaits',
        replace: '  generation: 0,\n  at,\n  awaits',
      },
    ],
    caughtBy: [
      { file: absence, test: 'an event that is made while a round is under way is not missed by it' },
    ],
  },
  {
    name: 'an event that left the window of Outlook’s delta counts as deleted',
    changes: [
      {
        file: 'activities/confirm-absence.ts',
        find: 'if (doubtful.length === 0) return observations',
        replace: 'if (doubtful.length >= 0) return observations',
      },
    ],
    caughtBy: [{ file: absence, test: 'an event that leaves the window is not deleted' }],
  },
  {
    name: 'what Outlook does not list counts as deleted without asking for it',
    changes: [
      {
        file: 'activities/confirm-absence.ts',
        find: '      held.calendar.windowIsInCursor\n        ? await askAbout(held, externalId)\n        : {',
        replace:
          "      held.calendar.windowIsInCursor && externalId === ''\n        ? await askAbout(held, externalId)\n        : {",
      },
    ],
    caughtBy: [{ file: absence, test: 'what Outlook leaves out of a round and still has is not deleted' }],
  },
  {
    name: 'a calendar emptied by accident empties the schedule at once',
    changes: [
      {
        file: 'domain/brake.ts',
        find: 'lost > limits.events && lost * 100 > mapped * limits.percent',
        replace: 'lost < 0 && lost * 100 > mapped * limits.percent && lost > limits.events',
      },
    ],
    caughtBy: [{ file: brake, test: 'a calendar emptied completely empties no schedule' }],
  },
  {
    name: 'what is lost counts anew with every look, so that small steps add up to everything',
    changes: [
      {
        file: 'activities/brake.ts',
        find: 'await forgetCounted(db, provider.id, new Date(now.getTime() - brakeSpanMs))',
        replace: 'await forgetCounted(db, provider.id, now)',
      },
    ],
    caughtBy: [{ file: brake, test: 'the same spread over ten looks is stopped' }],
  },
  {
    name: 'losses are counted batch by batch, so that a large one slips through in parts',
    changes: [
      {
        file: 'db/losses.ts',
        find: "(${side === 'schedule' ? vanishedThere(provider, batch) : vanishedHere(provider, batch)})",
        replace:
          "(select id from (${side === 'schedule' ? vanishedThere(provider, batch) : vanishedHere(provider, batch)}) behind where false)",
      },
    ],
    caughtBy: [{ file: brake, test: 'a burst larger than a batch is held as a whole' }],
  },
  {
    name: 'an event that no longer may enter counts as deleted',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: "  if (external?.entersAs === 'none') return withheld(setting, mapping)\n  const local",
        replace: '  const local',
      },
    ],
    caughtBy: [
      { file: 'tests/activities/enters.test.ts', test: 'an event that loses its marker is not deleted' },
    ],
  },
]
