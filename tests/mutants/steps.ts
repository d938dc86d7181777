import type { Defect } from './defect.ts'

const facts = 'tests/activities/facts.test.ts'
const contract = 'tests/providers/contract.test.ts'
const dying = 'tests/activities/dying.test.ts'
const subscriptions = 'tests/activities/subscriptions.test.ts'

/** Steps that are lost, doubled, overtaken, or never taken. */
export const steps: Defect[] = [
  {
    name: 'the cursor moves on before the page it covers is stored',
    changes: [
      {
        file: 'activities/pull-round.ts',
        find: '  const stored = await held.transaction(async (db) => {\n    await moveIds',
        replace:
          '  await held.transaction((db) => moveOn(db, deps, held, cursor, { ...round }, page, generation))\n  const stored = await held.transaction(async (db) => {\n    await moveIds',
      },
    ],
    caughtBy: [{ file: dying, test: 'that dies at any of its transactions costs nothing but the try' }],
  },
  {
    name: 'two workers have one provider in hand, and both write',
    changes: [
      {
        file: 'db/cursors.ts',
        find: '.where(and(eq(cursors.providerId, lease.providerId), eq(cursors.leaseEpoch, lease.epoch)))',
        replace: '.where(eq(cursors.providerId, lease.providerId))',
      },
    ],
    caughtBy: [
      { file: facts, test: 'an attempt that lost its lease writes nothing' },
      { histories: 'events', atMost: 30 },
    ],
  },
  {
    name: 'a worker that froze asks the vendor before it notices that another took over',
    changes: [
      {
        file: 'activities/hold-provider.ts',
        find: 'await transaction((db) => refuseWhileWaiting(db, provider, deps.now()))',
        replace:
          'await deps.database.tenant(provider.tenantId, (db) => refuseWhileWaiting(db, provider, deps.now()))',
      },
    ],
    caughtBy: [
      {
        file: dying,
        test: 'that froze and was taken over is still heard only if it stood right before its call',
      },
    ],
  },
  {
    name: 'a worker that waited long for a token does not ask again whether it may go on',
    changes: [
      {
        file: 'providers/call.ts',
        find: '  const token = await options.accessToken()\n  await options.beforeCall(calls)',
        replace: '  await options.beforeCall(calls)\n  const token = await options.accessToken()',
      },
    ],
    caughtBy: [
      {
        file: 'tests/providers/call.test.ts',
        test: 'whether the call may still be made is asked after the token',
      },
    ],
  },
  {
    name: 'an import spends all that a vendor permits',
    changes: [
      {
        file: 'oauth/vendor-budget.ts',
        find: '((await isBackfill()) ? share.backfill : share.live)',
        replace: 'share.live',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/vendor-budget.test.ts',
        test: 'an import leaves room for what people wait for',
      },
    ],
  },
  {
    name: 'one tenant spends everybody’s quota',
    changes: [
      {
        file: 'oauth/vendor-budget.ts',
        find: "kind === 'project' ? limit * tenantShare : limit",
        replace: 'limit',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/vendor-budget.test.ts',
        test: 'one tenant has half of a project that others use, and the others go on',
      },
    ],
  },
  {
    name: 'a first look brings in only what happens from now on',
    changes: [
      {
        file: 'providers/google/index.ts',
        find: 'fullRound: () => JSON.stringify({}),',
        replace: 'fullRound: () => JSON.stringify({ timeMin: options.now().toISOString() }),',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/absence.test.ts',
        test: 'a first look brings in what the window holds, past and to come',
      },
    ],
  },
  {
    name: 'Outlook is asked for changes where only its beta answers',
    changes: [
      {
        file: 'providers/microsoft/index.ts',
        find: 'calendarView/delta?startDateTime=${from}&endDateTime=${to}`',
        replace: 'events/delta?startDateTime=${from}&endDateTime=${to}`',
      },
    ],
    caughtBy: [{ file: contract, test: 'a full round shows what is there' }],
  },
  {
    name: 'Google is asked for single occurrences instead of series',
    changes: [
      {
        file: 'providers/google/index.ts',
        find: 'const listParameters = { singleEvents: false,',
        replace: 'const listParameters = { singleEvents: true,',
      },
    ],
    caughtBy: [{ file: facts, test: 'a calendar with a series and a changed occurrence comes in whole' }],
  },
  {
    name: 'a subscription is left to run out',
    changes: [
      {
        file: 'domain/polls.ts',
        find: '(expiresAt.getTime() - grantedAt.getTime()) * 0.7)',
        replace: '(expiresAt.getTime() - grantedAt.getTime()) * 1.7)',
      },
    ],
    caughtBy: [{ file: subscriptions, test: 'is renewed ahead of its end' }],
  },
  {
    name: 'every look asks for one more subscription',
    changes: [
      {
        file: 'activities/ensure-subscription.ts',
        find: 'if (dueMs > nowMs) return { renewAtMs: dueMs }',
        replace: 'if (dueMs < nowMs) return { renewAtMs: dueMs }',
      },
    ],
    caughtBy: [{ file: subscriptions, test: 'is asked for once, and stands' }],
  },
  {
    name: 'the ids of Outlook’s events change when they are moved',
    changes: [
      {
        file: 'providers/microsoft/client.ts',
        find: `const preferences = ['IdType="ImmutableId"', `,
        replace: 'const preferences = [',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/moved-mailbox.test.ts',
        test: 'changes no entry and no pair, and nothing is written to it',
      },
    ],
  },
  {
    name: 'a deletion that the vendor did not carry out counts as done',
    changes: [
      {
        file: 'activities/push.ts',
        find: '  // Any answer but a lost one says that nothing was written: it may simply be sent again.\n',
        replace:
          "  if (intent.kind === 'delete') {\n    await confirmDelete(confirmation, intent)\n    return 'done'\n  }\n",
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/late-writes.test.ts',
        test: 'a copy whose removal failed goes at the next try',
      },
    ],
  },
  {
    name: 'a deletion in the calendar leaves no word of it for the application',
    changes: [
      {
        file: 'activities/pair-work.ts',
        find: '    events: [\n      {\n        type: deleted ?',
        replace: '    events: deleted ? [] : [\n      {\n        type: deleted ?',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/restore.test.ts',
        test: 'a deletion in the calendar is told to the application',
      },
    ],
  },
  {
    name: 'a vendor that asks for a pause is not obeyed',
    changes: [
      {
        file: 'providers/call.ts',
        find: 'if (Number.isFinite(seconds)) return Math.max(seconds * 1000, 0)',
        replace: 'if (Number.isFinite(seconds)) return 0',
      },
    ],
    caughtBy: [{ file: contract, test: 'too many requests' }],
  },
  {
    name: 'an unreadable item stops the whole round',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: 'if (!(error instanceof InvalidTime)) throw error\n    return',
        replace: "if (!(error instanceof InvalidTime) || error.message !== '') throw error\n    return",
      },
    ],
    caughtBy: [
      { file: 'tests/activities/quarantine.test.ts', test: 'an item that nobody can read waits alone' },
    ],
  },
  {
    name: 'many callers refresh one token, and the last one’s is no longer valid',
    changes: [
      {
        file: 'oauth/access-token.ts',
        find: 'if (isOurs) return refresh(',
        replace: 'if (isOurs || !isOurs) return refresh(',
      },
      {
        file: 'db/provider-credentials.ts',
        find: '.where(and(eq(providerCredentials.providerId, providerId), eq(providerCredentials.version, seenVersion)))',
        replace: '.where(eq(providerCredentials.providerId, providerId))',
      },
    ],
    caughtBy: [
      {
        file: 'tests/oauth/access-token.test.ts',
        test: 'many callers with an expired token refresh it once',
      },
    ],
  },
  {
    name: 'a write that failed is passed over, and its run counts as completed',
    changes: [
      {
        file: 'activities/push.ts',
        find: 'await held.transaction((db) => markUnsent(db, intent.id, error.code))\n  }\n  throw error',
        replace:
          "await held.transaction((db) => markUnsent(db, intent.id, error.code))\n  }\n  return 'done'",
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/late-writes.test.ts',
        test: 'a copy whose removal failed goes at the next try',
      },
    ],
  },
  {
    name: 'what the vendor refuses is tried again for ever, and nothing says why',
    changes: [
      {
        file: 'activities/push.ts',
        find: 'if (error instanceof Refused) {\n    await confirmRefused',
        replace: "if (error instanceof Refused && error.message === '') {\n    await confirmRefused",
      },
    ],
    caughtBy: [
      { file: 'tests/activities/refused.test.ts', test: 'an entry that the vendor refuses says why' },
    ],
  },
  {
    name: 'an entry that was refused once is never tried again',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: '  if (!external && entry) return meetEntry(setting, pair, entry)\n  if (external && ',
        replace: '  if (!external && entry) return nothing\n  if (external && ',
      },
    ],
    caughtBy: [
      { file: 'tests/activities/refused.test.ts', test: 'an entry that the vendor refuses says why' },
    ],
  },
  {
    name: 'a conflict is told anew with every look',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: "if (mapping.state === 'conflict') return whilePaused(pair, mapping, decision, setting)",
        replace:
          "if (mapping.state === 'conflict' && decision.kind !== 'conflict')\n    return whilePaused(pair, mapping, decision, setting)",
      },
      {
        file: 'activities/apply-batch.ts',
        find: '    opened.map(({ id, entryId, mappingId }) => ({\n      id,',
        replace:
          '    (opened.length < 0 ? opened : applied.flatMap(({ work }) => work.conflict ?? [])).map(({ id, entryId, mappingId }) => ({\n      id,',
      },
    ],
    caughtBy: [
      { file: 'tests/activities/conflicts.test.ts', test: 'until a person decides neither side is written' },
    ],
  },
  {
    name: 'a subscription is renewed with a token that is about to end, and goes silent with it',
    changes: [
      {
        file: 'activities/ensure-subscription.ts',
        find: "  if (provider.vendor === 'microsoft') await freshAccessToken(deps, provider)\n",
        replace: '',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/subscriptions.test.ts',
        test: 'goes on telling of changes after the token has ended that it was made with',
      },
    ],
  },
]
