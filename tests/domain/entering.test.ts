import { describe, expect, test } from 'vitest'
import { admits, type Admission, type Arriving, type EnteringPolicy } from '../../domain/entering.ts'
import type { EventContent } from '../../domain/event.ts'
import { defaultPolicies } from '../../domain/policy.ts'

const content: EventContent = {
  title: 'Visit',
  body: '',
  location: '',
  time: { kind: 'date', start: '2026-03-05', end: '2026-03-06' },
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
}
const event = (fields: Partial<EventContent> = {}, eventType: string | null = 'default'): Arriving => ({
  eventType,
  content: { ...content, ...fields },
})
const policy = (wish: Partial<EnteringPolicy> = {}): EnteringPolicy => ({ ...defaultPolicies, ...wish })
const marked = (marker: string) => policy({ enters: 'marked', marker })

test.each<[string, EnteringPolicy, Arriving, Admission]>([
  ['all of a calendar', policy(), event(), 'full'],
  ['a private event', policy(), event({ visibility: 'private' }), 'busy'],
  ['a confidential event', policy(), event({ visibility: 'confidential' }), 'busy'],
  [
    'a private event whose owner chose so',
    policy({ privateEvents: 'full' }),
    event({ visibility: 'private' }),
    'full',
  ],
  ['times alone', policy({ enters: 'busy-only' }), event(), 'busy'],
  ['nothing', policy({ enters: 'none' }), event(), 'none'],
  ['an absence', policy(), event({}, 'outOfOffice'), 'full'],
  ['focus time', policy(), event({}, 'focusTime'), 'full'],
  ['a place of work', policy(), event({}, 'workingLocation'), 'none'],
  ['a birthday', policy(), event({}, 'birthday'), 'none'],
  ['a kind that nobody knows yet', policy(), event({}, 'somethingNew'), 'none'],
  ['a kind that is wished', policy({ eventTypes: ['birthday'] }), event({}, 'birthday'), 'full'],
  ['a vendor without kinds', policy({ eventTypes: ['birthday'] }), event({}, null), 'full'],
  ['no marker', marked('#work'), event(), 'none'],
  ['the marker in the title', marked('#work'), event({ title: 'Visit #work' }), 'full'],
  ['the marker in the body', marked('#work'), event({ body: 'Bring tools.\n#work' }), 'full'],
  ['the marker, private', marked('#work'), event({ title: '#work', visibility: 'private' }), 'busy'],
  ['what cannot be held', policy(), { eventType: 'default', content: null }, 'full'],
  [
    'what cannot be held, where nothing enters',
    policy({ enters: 'none' }),
    { eventType: null, content: null },
    'none',
  ],
])('%s', (_case, entering, arriving, admission) => {
  expect(admits(entering, arriving)).toBe(admission)
})

describe('a marker is a whole word', () => {
  test.each([
    ['@acme', 'Call @acme today'],
    ['@acme', '@ACME'],
    ['#work', '(#work)'],
    ['#work', 'Done #work.'],
    ['#work', '#work, then home'],
    ['work', 'At work: nothing'],
    ['c++', 'Learn C++!'],
    ['[x]', 'Visit [x]'],
    ['#größe', 'Prüfung #GRÖSSE #Größe'],
  ])('%s is in "%s"', (marker, title) => {
    expect(admits(marked(marker), event({ title }))).toBe('full')
  })
  test.each([
    ['@acme', 'Mail bob@acme.com'],
    ['@acme', '@acme.com'],
    ['@acme', '@acmecorp'],
    ['#work', '#workshop'],
    ['#work', '#work-life'],
    ['#work', 'home#work'],
    ['#work', '##work'],
    ['work', 'Homework'],
    ['work', 'work@acme.example'],
    ['work', 'network/work.html'],
    ['.', 'Visit'],
  ])('%s is not in "%s"', (marker, title) => {
    expect(admits(marked(marker), event({ title }))).toBe('none')
  })
})

describe('a changed occurrence enters as its series does', () => {
  test.each<[Admission, Partial<EventContent>, Admission]>([
    ['full', { title: 'Moved' }, 'full'],
    ['full', { title: 'Moved', visibility: 'private' }, 'busy'],
    ['busy', { title: 'Moved #work' }, 'busy'],
    ['none', { title: 'Moved #work' }, 'none'],
  ])('of a series that is %s', (series, fields, admission) => {
    expect(admits(marked('#work'), event(fields), series)).toBe(admission)
  })
})
