import type { Defect } from './defect.ts'

const contract = 'tests/providers/contract.test.ts'
const roundTrip = 'tests/providers/round-trip.test.ts'
const vendorTrip = 'tests/providers/vendor-round-trip.test.ts'

/** Times that shift and words that change their form on the way. */
export const forms: Defect[] = [
  {
    name: 'a day becomes two, for its end is taken to be its last day',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: 'if (start?.date && end?.date) return allDay(start.date, end.date)',
        replace:
          'if (start?.date && end?.date) return allDay(start.date, new Date(Date.parse(end.date) + 86_400_000).toISOString().slice(0, 10))',
      },
    ],
    caughtBy: [{ file: contract, test: 'an all-day event of one day' }],
  },
  {
    name: 'an all-day event passes through the server’s zone and lies on the day before',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: 'if (start?.date && end?.date) return allDay(start.date, end.date)',
        replace:
          "if (start?.date && end?.date) return allDay(new Date(start.date).toLocaleDateString('sv'), new Date(end.date).toLocaleDateString('sv'))",
      },
    ],
    caughtBy: [{ file: contract, test: 'an all-day event of one day' }],
  },
  {
    name: 'an all-day event goes to Outlook as a timed one',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: 'return { isAllDay: true, start: midnight(time.start), end: midnight(time.end) }',
        replace: 'return { isAllDay: false, start: midnight(time.start), end: midnight(time.end) }',
      },
    ],
    caughtBy: [{ file: contract, test: 'an all-day event of three days' }],
  },
  {
    name: 'Outlook’s times are read in the server’s zone',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: '    `${start.slice(0, 19)}Z`,\n',
        replace: '    new Date(start.slice(0, 19)).toISOString(),\n',
      },
      {
        file: 'providers/microsoft/mapping.ts',
        find: '    `${end.slice(0, 19)}Z`,\n',
        replace: '    new Date(end.slice(0, 19)).toISOString(),\n',
      },
    ],
    caughtBy: [{ file: contract, test: 'words and a time' }],
  },
  {
    name: 'an event without an end happens now',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: "throw new InvalidTime('The event has no start and end of one kind.')",
        replace:
          "const [at = ''] = new Date().toISOString().split('.')\n  return timedFromInstants(`${at}Z`, `${at}Z`, calendarZone)",
      },
    ],
    caughtBy: [
      { file: 'tests/activities/quarantine.test.ts', test: 'an item that nobody can read waits alone' },
    ],
  },
  {
    name: 'an event without a time happens on 1 January 1970',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: "throw new InvalidTime('The event has no start and end of one kind.')",
        replace: "return timedFromInstants('1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'UTC')",
      },
    ],
    caughtBy: [
      { file: 'tests/activities/quarantine.test.ts', test: 'an item that nobody can read waits alone' },
    ],
  },
  {
    name: 'free time at Google is a cancelled event',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: "body.status = fields.showAs === 'tentative' ? 'tentative' : 'confirmed'",
        replace:
          "body.status = fields.showAs === 'free' ? 'cancelled' : fields.showAs === 'tentative' ? 'tentative' : 'confirmed'",
      },
    ],
    caughtBy: [{ file: contract, test: 'gives back what it was given: free time' }],
  },
  {
    name: 'out of office in Outlook becomes busy',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: "  oof: 'oof',\n  workingElsewhere",
        replace: "  oof: 'busy',\n  workingElsewhere",
      },
    ],
    caughtBy: [{ file: roundTrip, test: 'at Outlook, or the event says why' }],
  },
  {
    name: 'notes go to Outlook as HTML that nobody escaped',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: "body.body = { contentType: 'text', content: fields.body }",
        replace: "body.body = { contentType: 'html', content: fields.body }",
      },
    ],
    caughtBy: [{ file: vendorTrip, test: 'holds any event that it says it can, and reads it back' }],
  },
  {
    name: 'notes go to Google as HTML that nobody escaped',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: 'body.description = asEitherText(fields.body)',
        replace: 'body.description = fields.body',
      },
    ],
    caughtBy: [{ file: roundTrip, test: 'at Google' }],
  },
  {
    name: 'notes come back from Outlook as a page of HTML',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: "item.body?.contentType === 'html' ? 'html' : 'text'",
        replace: "item.body?.contentType === 'html' ? 'text' : 'text'",
      },
      { file: 'providers/microsoft/client.ts', find: `, 'outlook.body-content-type="text"'`, replace: '' },
    ],
    caughtBy: [{ file: vendorTrip, test: 'holds any event that it says it can, and reads it back' }],
  },
  {
    name: 'an update of one field clears those it does not name',
    changes: [
      {
        file: 'providers/microsoft/mapping.ts',
        find: 'if (fields.location !== undefined) body.location = { displayName: fields.location }',
        replace: "body.location = { displayName: fields.location ?? '' }",
      },
    ],
    caughtBy: [{ file: contract, test: 'an update changes its fields and no other' }],
  },
  {
    name: 'what we do not model is written over with every update',
    changes: [
      {
        file: 'providers/google/mapping.ts',
        find: '  const body: GoogleEvent = {}\n',
        replace:
          '  const body: GoogleEvent = { colorId: null, guestsCanModify: false, extendedProperties: { private: {}, shared: {} } }\n',
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/facts.test.ts',
        test: 'fields we do not model survive our edit byte for byte',
      },
    ],
  },
  {
    name: 'the echo of a write sets the application’s own status back',
    changes: [
      {
        file: 'db/entry-writes.ts',
        find: 'changed_by = ${JSON.stringify(cause)}::jsonb, updated_at = ${now.toISOString()}\n      from incoming i where e.id = i.id and e.version',
        replace:
          "changed_by = ${JSON.stringify(cause)}::jsonb, updated_at = ${now.toISOString()}, status = 'scheduled'\n      from incoming i where e.id = i.id and e.version",
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/status.test.ts',
        test: 'what happens in a calendar never changes the status',
      },
    ],
  },
  {
    name: 'a visit that the application calls off loses its event',
    changes: [
      {
        file: 'activities/decide-pair.ts',
        find: 'return entry.deletedAt === null && isAssigned',
        replace: "return entry.deletedAt === null && entry.status !== 'cancelled' && isAssigned",
      },
    ],
    caughtBy: [
      {
        file: 'tests/activities/status.test.ts',
        test: 'what happens in a calendar never changes the status',
      },
    ],
  },
]
