import { expect, test } from 'vitest'
import { listsHere } from './graph-lists.ts'
import { events } from './graph-mailbox.ts'
import { codeOf, meeting, object, playHere } from './played.ts'

const played = playHere()
const { graph, create, ask } = listsHere(played)

test.each<[string, string, Record<string, string>, string, string]>([
  ['an unfinished filter', events, { $filter: 'subject eq' }, 'BadRequest', 'Invalid filter clause'],
  ['an unclosed text', events, { $filter: "subject eq 'x" }, 'BadRequest', 'Syntax error'],
  ['an unknown function', events, { $filter: 'length(subject) gt 3' }, 'BadRequest', 'Invalid filter clause'],
  [
    'an unknown property in a filter',
    events,
    { $filter: "colour eq 'x'" },
    'RequestBroker--ParseUri',
    "'colour'",
  ],
  [
    'a time where a text stands',
    events,
    { $filter: 'start/dateTime ge 2026-03-05T00:00:00Z' },
    'BadRequest',
    'incompatible types',
  ],
  [
    'a time without offset',
    events,
    { $filter: 'createdDateTime ge 2026-03-05T00:00:00' },
    'BadRequest',
    'should be in format',
  ],
  [
    'a quoted time where a time stands',
    events,
    { $filter: "createdDateTime ge '2026-03-05T00:00:00Z'" },
    'BadRequest',
    'incompatible types',
  ],
  ['a member nobody knows', events, { $filter: "showAs eq 'away'" }, 'BadRequest', 'enumeration'],
  [
    'a filter on the recurrence',
    events,
    { $filter: 'recurrence ne null' },
    'ErrorInvalidProperty',
    "'Recurrence' does not support filtering",
  ],
  [
    'a filter on the transaction id',
    events,
    { $filter: "transactionId eq 'x'" },
    'ErrorInvalidProperty',
    'TransactionId',
  ],
  [
    'a filter on attendees',
    events,
    { $filter: "attendees/any(a: a/emailAddress/address eq 'x')" },
    'ErrorInvalidProperty',
    'Attendees',
  ],
  [
    'a comparison of two properties',
    events,
    { $filter: 'subject eq bodyPreview' },
    'UnsupportedEntityExpression',
    'not a supported',
  ],
  [
    'a $select of nothing known',
    events,
    { $select: 'subject,colour' },
    'RequestBroker--ParseUri',
    "'colour'",
  ],
  ['an $orderby of nothing known', events, { $orderby: 'colour' }, 'RequestBroker--ParseUri', "'colour'"],
  ['an $orderby in no direction', events, { $orderby: 'subject up' }, 'BadRequest', '$orderby'],
  ['an $orderby of attendees', events, { $orderby: 'attendees' }, 'ErrorInvalidProperty', 'sorting'],
  ['an $expand of a property', events, { $expand: 'subject' }, 'BadRequest', 'navigation'],
  ['an $expand of nothing known', events, { $expand: 'colours' }, 'RequestBroker--ParseUri', "'colours'"],
  [
    'extended properties without saying which',
    events,
    { $expand: 'singleValueExtendedProperties' },
    'ErrorInvalidUrlQuery',
    '$filter',
  ],
  ['a search', events, { $search: 'x' }, 'ErrorInvalidUrlQuery', '$search'],
  [
    'a filter of a single event',
    `${events}/ID`,
    { $filter: "subject eq 'x'" },
    'ErrorInvalidUrlQuery',
    '$filter',
  ],
  ['a negative $top', events, { $top: '-1' }, 'BadRequest', '$top'],
  ['a $top in words', events, { $top: 'ten' }, 'BadRequest', '$top'],
  ['a $top beyond the most', events, { $top: '1001' }, 'ErrorInvalidUrlQuery', '1000'],
  ['a $skip in words', events, { $skip: 'x' }, 'BadRequest', '$skip'],
  ['a $count in words', events, { $count: 'yes' }, 'BadRequest', '$count'],
  ['an option nobody knows', events, { $colour: 'x' }, 'BadRequest', '$colour'],
])('%s is refused with 400', async (_name, path, query, code, message) => {
  const { id } = await create(meeting('x', 9))
  const refused = await ask(path.replace('ID', String(id)), query)
  expect([refused.status, codeOf(refused)]).toEqual([400, code])
  expect(object(refused.body['error'])['message']).toContain(message)
})

test('an option given twice is refused', async () => {
  const refused = await graph('GET', `${events}?$top=1&$top=2`)
  expect([refused.status, codeOf(refused)]).toEqual([400, 'BadRequest'])
})
