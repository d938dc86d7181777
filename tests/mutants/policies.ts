import type { Defect } from './defect.ts'

const entering = 'tests/domain/entering.test.ts'

/** What enters, leaves or is stored although it should not. */
export const policies: Defect[] = [
  {
    name: 'the words of private events are stored',
    changes: [
      {
        file: 'domain/entering.ts',
        find: "policy.privateEvents === 'busy' && (visibility",
        replace: "policy.privateEvents !== 'busy' && (visibility",
      },
    ],
    caughtBy: [
      { file: 'tests/activities/privacy.test.ts', test: 'no word of a private event is stored in any table' },
    ],
  },
  {
    name: 'words that were stored stay when the event becomes private',
    changes: [
      {
        file: 'activities/store-observations.ts',
        find: 'return before && isNarrower(row.entersAs, before.entersAs) ? row.externalId : []',
        replace: 'return before && isNarrower(before.entersAs, row.entersAs) ? row.externalId : []',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/privacy.test.ts',
        test: 'an event that becomes private later has its words erased',
      },
    ],
  },
  {
    name: 'a marker is found within other words, such as addresses',
    changes: [
      {
        file: 'domain/entering.ts',
        find: 'const alone = new RegExp(`(?<![${wordly}])${word}(?![${wordly}]|[.@:/][${wordly}])`',
        replace: 'const alone = new RegExp(`${word}`',
      },
    ],
    caughtBy: [{ file: entering, test: 'is not in' }],
  },
  {
    name: 'kinds of events that nobody wishes for enter too',
    changes: [
      {
        file: 'domain/entering.ts',
        find: "if (eventType !== null && !policy.eventTypes.some((type) => type === eventType)) return 'none'",
        replace: '',
      },
    ],
    caughtBy: [
      { file: 'tests/activities/enters.test.ts', test: 'kinds of events that are not wished never enter' },
    ],
  },
  {
    name: 'a tenant reads the rows of another',
    changes: [
      {
        file: 'db/connection.ts',
        find: "select set_config('app.tenant_id', ${tenantId}, true), ${transactionTimeout}",
        replace:
          "select set_config('app.tenant_id', ${tenantId}, true), set_config('role', 'calendar_system', true), ${transactionTimeout}",
      },
    ],
    caughtBy: [{ file: 'tests/db/tenancy.test.ts', test: 'sees its own rows alone' }],
  },
  {
    name: 'what a lost key sealed is taken for a token',
    changes: [
      {
        file: 'db/envelope.ts',
        find: 'const found = ring.find((candidate) => candidate.id === id)',
        replace:
          'const found = ring.find((candidate) => candidate.id === id)\n      if (!found) return ciphertext',
      },
    ],
    caughtBy: [{ file: 'tests/db/tenancy.test.ts', test: 'under a lost key is a fault of its own kind' }],
  },
  {
    name: 'a write that is answered under a narrower policy leaves its words',
    changes: [
      {
        file: 'activities/confirm-write.ts',
        find: '    await settleSent(db, confirmation, intent)\n    if (isNarrowed) await forget(db, confirmation, event)\n  })\n}\n\n/** A changed',
        replace:
          "    await settleSent(db, confirmation, intent)\n    if (isNarrowed && confirmation.runId === '') await forget(db, confirmation, event)\n  })\n}\n\n/** A changed",
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/narrowing.test.ts',
        test: 'words of a write that is answered under a narrower policy are not kept',
      },
    ],
  },
]
