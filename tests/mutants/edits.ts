import type { Defect } from './defect.ts'

const facts = 'tests/activities/facts.test.ts'
const journey = 'tests/activities/journey.test.ts'
const contract = 'tests/providers/contract.test.ts'
const conflicts = 'tests/activities/conflicts.test.ts'
const reconcile = 'tests/domain/reconcile.test.ts'

/** Edits that are lost, sent back, or made by nobody. */
export const edits: Defect[] = [
  {
    name: 'our write overwrites what somebody changed at Google since we looked',
    changes: [
      {
        file: 'providers/google/index.ts',
        find: "{ calendarId, eventId: externalId, sendUpdates: 'none', requestBody: requestBody(fields) },\n              settings,\n            ),\n          etag ? { 'if-match': etag } : {},",
        replace:
          "{ calendarId, eventId: externalId, sendUpdates: 'none', requestBody: requestBody(fields) },\n              settings,\n            ),\n          {},",
      },
    ],
    caughtBy: [{ file: contract, test: 'neither an update nor a deletion overwrites what moved on' }],
  },
  {
    name: 'our deletion in Outlook takes along what somebody changed since we looked',
    changes: [
      {
        file: 'providers/microsoft/index.ts',
        find: 'if (etag && now.etag !== etag)',
        replace: "if (etag === '' && now.etag !== etag)",
      },
      {
        file: 'providers/microsoft/index.ts',
        find: "method: 'DELETE',\n          path: eventPath(externalId),\n          ...(etag && { headers: { 'if-match': etag } }),",
        replace: "method: 'DELETE',\n          path: eventPath(externalId),",
      },
    ],
    caughtBy: [{ file: contract, test: 'neither an update nor a deletion overwrites what moved on' }],
  },
  {
    name: 'when both sides edited, the schedule wins and nobody is asked',
    changes: [
      {
        file: 'domain/reconcile.ts',
        find: "    case 'manual':\n      return { kind: 'conflict' }\n    case 'prefer-schedule':\n      return {\n        kind: 'merge',",
        replace: "    case 'manual':\n    case 'prefer-schedule':\n      return {\n        kind: 'merge',",
      },
    ],
    caughtBy: [
      { file: reconcile, test: 'an edit is in the outcome, or a conflict keeps it' },
      { file: journey, test: 'edits on both sides are a conflict: both stay' },
    ],
  },
  {
    name: 'a deletion wins against an edit, and nobody is asked',
    changes: [
      {
        file: 'domain/reconcile.ts',
        find: "if (!localEdited || !canSend(policy)) return { kind: 'delete-entry' }",
        replace: "if (!localEdited || localEdited || !canSend(policy)) return { kind: 'delete-entry' }",
      },
    ],
    caughtBy: [
      { file: reconcile, test: 'they deleted, we edited, people decide' },
      { file: conflicts, test: 'an event deleted there and edited here is made anew or is gone everywhere' },
    ],
  },
  {
    name: 'a pair in conflict is written by the next edit',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: "if (mapping.state === 'conflict') return whilePaused(pair, mapping, decision, setting)",
        replace:
          "if (mapping.state === 'conflict' && decision.kind !== 'conflict') return whilePaused(pair, mapping, decision, setting)\n  if (mapping.state === 'conflict' && entry && external) return carryOut(setting, pair, { ...mapping, state: 'active' }, { kind: 'send', fields: { title: entry.content.title } })",
      },
    ],
    caughtBy: [{ file: conflicts, test: 'until a person decides neither side is written' }],
  },
  {
    name: 'a merge that a person decided reverts with the next look',
    changes: [
      {
        file: 'domain/resolve.ts',
        find: 'return { entry: { ...projection, ...fields }, external }',
        replace: 'return { entry: { ...projection, ...fields }, external: projection }',
      },
    ],
    caughtBy: [{ file: conflicts, test: 'brings both sides to the same' }],
  },
  {
    name: 'a decision is carried out on sides that nobody has reviewed',
    changes: [
      {
        file: 'api/conflict-resolution.ts',
        find: 'if (entry.version === reviewed.entryVersion && externalRevision === reviewed.externalRevision) return',
        replace:
          'if (entry.version >= reviewed.entryVersion || externalRevision >= reviewed.externalRevision) return',
      },
    ],
    caughtBy: [{ file: conflicts, test: 'a decision on a side that moved since is refused' }],
  },
  {
    name: 'an edit made while a batch is decided is overwritten by its decision',
    changes: [
      {
        file: 'db/entry-writes.ts',
        find: 'from incoming i where e.id = i.id and e.version = i."expectedVersion"\n      returning e.id, e.version, e.tenant_id, e.content, i.deleted',
        replace:
          'from incoming i where e.id = i.id\n      returning e.id, e.version, e.tenant_id, e.content, i.deleted',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/stale-facts.test.ts',
        test: 'is not overwritten by what comes from the calendar',
      },
    ],
  },
  {
    name: 'a mark made while a batch is decided goes with the batch, and the edit behind it is never seen',
    changes: [
      {
        file: 'db/pending.ts',
        find: 'and p.subject_id = r."subjectId" and p.mark = r.mark`)',
        replace: 'and p.subject_id = r."subjectId"`)',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/stale-facts.test.ts',
        test: 'is not forgotten with the batch',
      },
    ],
  },
  {
    name: 'an edit made after its write was decided counts as sent',
    changes: [
      {
        file: 'activities/confirm-write.ts',
        find: 'await markSeries(db, held, mapping.entryId, event)\n    await settleSent',
        replace:
          "await db.execute(`delete from pending where subject_id = '${mapping.entryId}'`)\n    await settleSent",
      },
    ],
    caughtBy: [{ histories: 'events', atMost: 30 }],
  },
  {
    name: 'every write carries every field, whatever changed',
    changes: [
      {
        file: 'domain/event.ts',
        find: '  const changed = contentFields.filter(\n    (field) => differs(field) ||',
        replace:
          '  const changed = contentFields.filter(\n    (field) => contentFields.some(differs) || differs(field) ||',
      },
    ],
    caughtBy: [
      { file: facts, test: 'fields we do not model survive our edit byte for byte' },
      { file: reconcile, test: 'each its own field' },
    ],
  },
  {
    name: 'what a vendor rewrites when it is written is taken for somebody’s edit',
    changes: [
      {
        file: 'activities/confirm-write.ts',
        find: "const baseExternal = made === 'before' ? sent : (content ?? sent)",
        replace: 'const baseExternal = sent',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/rewritten.test.ts',
        test: 'what a vendor rewrote when it was written is nobody’s edit, and the next look finds nothing',
      },
    ],
  },
  {
    name: 'whatever moves an event’s etag is work',
    changes: [
      {
        file: 'activities/observed-rows.ts',
        find: '(event.etag === null || sameState(known, event, entering))',
        replace: '(event.etag === known.etag || event.etag === null)',
      },
    ],
    caughtBy: [{ file: facts, test: 'a change of what we do not hold is no work' }],
  },
  {
    name: 'copies of other people’s meetings are written',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: '    writable: !external?.readOnly,\n  })\n  if (mapping',
        replace: '    writable: true,\n  })\n  if (mapping',
      },
    ],
    caughtBy: [{ file: facts, test: "somebody else's meeting comes in and is never written to" }],
  },
  {
    name: 'guests get mail about every change of ours',
    changes: [
      {
        file: 'providers/google/index.ts',
        find: "{ calendarId, eventId: externalId, sendUpdates: 'none', requestBody: requestBody(fields) },",
        replace: "{ calendarId, eventId: externalId, sendUpdates: 'all', requestBody: requestBody(fields) },",
      },
    ],
    caughtBy: [{ file: facts, test: 'own meeting get no mail about what we change' }],
  },
  {
    name: 'a way that is widened lets nothing through that rested',
    changes: [
      {
        file: 'db/pending.ts',
        find: "where provider_id = ${provider.id}::uuid and state not in ('withdrawing', 'retired')\n    on conflict",
        replace: "where provider_id = ${provider.id}::uuid and state = 'retired'\n    on conflict",
      },
    ],
    caughtBy: [{ file: facts, test: 'a wider direction lets through what rested' }],
  },
  {
    name: 'an edit of a copy that its member is taken off overwrites what the schedule changed beside it',
    changes: [
      {
        file: 'activities/carry-out.ts',
        find: '      if (entry.deletedAt === null) return takeFromCopy(setting, pair, mapping, entry, external)\n',
        replace: '',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/one-event-one-entry.test.ts',
        test: "last edit of a copy they are taken off reaches the entry beside the schedule's own",
      },
    ],
  },
]
