import type { Defect } from './defect.ts'

const series = 'tests/activities/series.test.ts'
const lines = 'tests/domain/recurrence-lines.test.ts'
const patterns = 'tests/providers/microsoft-recurrence.test.ts'
const laws = 'tests/domain/recurrence-properties.test.ts'

/** Series that repeat wrongly, and occurrences that are lost. */
export const seriesDefects: Defect[] = [
  {
    name: 'the rule of a Google series is not read, for it begins with RRULE:',
    changes: [
      {
        file: 'domain/recurrence/lines.ts',
        find: "const rules = read.filter((line) => line.name === 'RRULE')",
        replace:
          "const rules = read.filter((line) => line.name === 'RRULE' && line.value.startsWith('RRULE'))",
      },
    ],
    caughtBy: [{ file: series, test: 'a series made there is one entry here and one series' }],
  },
  {
    name: 'a rule goes to Google without its RRULE:',
    changes: [{ file: 'domain/recurrence/lines.ts', find: '[`RRULE:${rule}`]', replace: '[`${rule}`]' }],
    caughtBy: [
      { file: lines, test: 'name the zone of its exceptions, and end in UTC' },
      { file: series, test: 'a series made in the schedule is one series in each calendar' },
    ],
  },
  {
    name: 'a slot left out is named at midnight, where there is none',
    changes: [
      {
        file: 'domain/recurrence/lines.ts',
        find: "const parameter = time.kind === 'date' ? 'VALUE=DATE' : `TZID=${time.zone}`",
        replace: "const parameter = time.kind === 'date' ? 'VALUE=DATE' : 'TZID=UTC'",
      },
    ],
    caughtBy: [{ file: laws, test: 'the lines of a series read back as the same series' }],
  },
  {
    name: 'the second Monday of a month becomes every Monday',
    changes: [
      {
        file: 'domain/recurrence/rule.ts',
        find: "return `${position === 0 ? '' : position}${day}`",
        replace: "return `${position >= 0 ? '' : position}${day}`",
      },
    ],
    caughtBy: [{ file: patterns, test: 'there and back it is the same' }],
  },
  {
    name: 'a series in Outlook has no end',
    changes: [
      {
        file: 'providers/microsoft/recurrence.ts',
        find: "if (last === null) return { type: 'noEnd' }",
        replace: "if (last === null || last !== '') return { type: 'noEnd' }",
      },
    ],
    caughtBy: [{ file: patterns, test: 'the end of a series' }],
  },
  {
    name: 'every series in Outlook repeats weekly by one, whatever its rule says',
    changes: [
      {
        file: 'providers/microsoft/pattern-out.ts',
        find: "        type: 'weekly',\n        interval,",
        replace: "        type: 'weekly',\n        interval: interval - interval + 1,",
      },
    ],
    caughtBy: [
      { file: patterns, test: 'there and back it is the same' },
      { file: 'tests/providers/round-trip.test.ts', test: 'at Outlook, or the event says why' },
    ],
  },
  {
    name: 'what Outlook cannot say is approximated',
    changes: [
      {
        file: 'providers/microsoft/pattern-out.ts',
        find: "  if (monthDays.length > 1)\n    return unsupported('Outlook cannot repeat on several days of the month in one series.')\n",
        replace: '',
      },
    ],
    caughtBy: [{ file: patterns, test: 'FREQ=MONTHLY;BYMONTHDAY=1,15' }],
  },
  {
    name: 'an edit of one occurrence in the schedule is taken for an entry of its own',
    changes: [
      {
        file: 'activities/load-slots.ts',
        find: ': overrides.has(subjectId)',
        replace: ": overrides.has(subjectId) && subjectId === ''",
      },
    ],
    caughtBy: [
      { file: series, test: 'an occurrence changed, moved or left out in the schedule is so in each' },
    ],
  },
  {
    name: 'an occurrence left out in the schedule removes the whole series',
    changes: [
      {
        file: 'activities/push.ts',
        find: 'if (ref) await held.calendar.cancelOccurrence(ref, intent.expectedEtag)',
        replace: 'if (ref) await held.calendar.deleteEvent(ref.seriesId, null)',
      },
    ],
    caughtBy: [
      { file: series, test: 'an occurrence changed, moved or left out in the schedule is so in each' },
    ],
  },
  {
    name: 'an occurrence deleted in Google is still in the schedule',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: "return { kind: 'cancelled', externalId: slotId(seriesId, slot), occurrence, etag: item.etag ?? null }",
        replace: "return { kind: 'removed', externalId: slotId(seriesId, slot), certain: true }",
      },
    ],
    caughtBy: [{ file: series, test: 'an occurrence changed or deleted there is so everywhere' }],
  },
  {
    name: 'an occurrence deleted in Outlook is still in the schedule',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: 'return excluding(content, slots)',
        replace: 'return excluding(content, slots.slice(slots.length))',
      },
    ],
    caughtBy: [{ file: series, test: 'an occurrence changed or deleted there is so everywhere' }],
  },
  {
    name: 'a new rule brings back the slots that were left out',
    changes: [
      {
        file: 'activities/pair-work.ts',
        find: 'return { ...fields, recurrence: excluding(projection, slots).recurrence }',
        replace:
          'return { ...fields, recurrence: excluding(projection, slots.slice(slots.length)).recurrence }',
      },
      {
        file: 'activities/confirm-write.ts',
        find: 'if (intent.fields.recurrence !== undefined) await slotsWritten(',
        replace: 'if (intent.fields.recurrence === null) await slotsWritten(',
      },
      {
        file: 'activities/series-fallout.ts',
        find: 'fallout.marked.push(...reappeared, ...',
        replace: 'fallout.marked.push(...',
      },
    ],
    caughtBy: [
      { file: series, test: 'a series that goes on longer keeps its changed and its left out occurrences' },
    ],
  },
  {
    name: 'a new rule in Outlook costs the series its changed occurrences',
    changes: [
      {
        file: 'activities/confirm-write.ts',
        find: 'if (intent.fields.recurrence !== undefined) await slotsWritten(',
        replace: 'if (intent.fields.recurrence === null) await slotsWritten(',
      },
      {
        file: 'activities/series-fallout.ts',
        find: "} else if (event.tells === 'all' || !occurrenceAt(after, slot)) fallout.dropped.push(row.externalId)",
        replace: '}',
      },
    ],
    caughtBy: [
      { file: series, test: 'a series that goes on longer keeps its changed and its left out occurrences' },
    ],
  },
  {
    name: 'this and the following ones leaves the old series as long as it was',
    changes: [
      {
        file: 'domain/recurrence/split.ts',
        find: 'return { before: beforeSlot(series, slots, slot), after',
        replace: 'return { before: beforeSlot(series, slots, slot) && series, after',
      },
    ],
    caughtBy: [
      { file: 'tests/domain/recurrence-edits.test.ts', test: 'the old series ends on the slot before' },
    ],
  },
  {
    name: 'a series goes to Google in UTC and moves by an hour when clocks change',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: 'start: { dateTime: time.startsAt, timeZone: time.zone, date: null },',
        replace: "start: { dateTime: time.startsAt, timeZone: 'UTC', date: null },",
      },
    ],
    caughtBy: [{ file: 'tests/providers/round-trip.test.ts', test: 'at Google' }],
  },
  {
    name: 'a series is expanded in UTC and moves by an hour when clocks change',
    changes: [
      {
        file: 'domain/recurrence/walls.ts',
        find: 'const startsAt = Temporal.PlainDateTime.from(wall).toZonedDateTime(first.zone).toInstant()',
        replace:
          'const first0 = Temporal.PlainDateTime.from(first.start).toZonedDateTime(first.zone)\n  const startsAt = Temporal.PlainDateTime.from(wall).toZonedDateTime(first.zone).add({ nanoseconds: Temporal.PlainDateTime.from(wall).toZonedDateTime(first.zone).offsetNanoseconds - first0.offsetNanoseconds }).toInstant()',
      },
    ],
    caughtBy: [
      {
        file: 'tests/domain/recurrence.test.ts',
        test: 'an occurrence keeps its wall time when clocks change',
      },
    ],
  },
  {
    name: 'an override is a slot that the vendor shows once more beside it',
    changes: [
      {
        file: 'activities/store-observations.ts',
        find: '? [seen, ...seen.event.overrides.map(',
        replace: '? [seen, ...seen.event.overrides.slice(seen.event.overrides.length).map(',
      },
    ],
    caughtBy: [{ file: series, test: 'an occurrence changed or deleted there is so everywhere' }],
  },
  {
    name: 'an occurrence that both sides edited is overwritten, and nobody is asked',
    changes: [
      {
        file: 'activities/decide-slot.ts',
        find: 'conflicts: setting.provider.policies.conflicts,',
        replace: "conflicts: 'prefer-schedule',",
      },
    ],
    caughtBy: [{ file: series, test: 'an occurrence edited differently on both sides is a conflict' }],
  },
  {
    name: 'a rename of a series is lost for an occurrence that the schedule moved meanwhile',
    changes: [
      {
        file: 'activities/follow-series.ts',
        find: 'if (changed.length === 0 || externalId === null)',
        replace: 'if (changed.length >= 0 || externalId === null)',
      },
    ],
    caughtBy: [{ file: series, test: 'and not decided about yet' }],
  },
  {
    name: 'an occurrence that was to be left out comes back when the worker died before it asked',
    changes: [
      {
        file: 'activities/confirm-write.ts',
        find: "return isOccurrence && baseEntry === null ? 'creating' : 'active'",
        replace: "return isOccurrence && baseEntry === undefined ? 'creating' : 'active'",
      },
    ],
    caughtBy: [{ file: series, test: 'died before it asked' }],
  },
  {
    name: 'a slot that a refused write shows to be left out is told by nothing again',
    changes: [
      {
        file: 'activities/confirm-write.ts',
        find: '  await slotsSeen(db, held, known, seen.row, at)\n',
        replace: '',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/series.test.ts',
        test: 'while a write of the series is on its way is left out everywhere',
      },
    ],
  },
]
