import { expect, test } from 'vitest'
import { mailboxHere } from './graph-mailbox.ts'
import { meeting, object, playHere, type Json } from './played.ts'

const played = playHere()
const { create, get, patch, switched } = mailboxHere(played)

const content = (event: Json) => String(object(event['body'])['content'])
const asText = 'outlook.body-content-type="text"'
const withBody = (text: string, contentType = 'html') =>
  meeting('x', 9, { body: { contentType, content: text } })

test('a text becomes HTML that reads as it was written, spaces and lines and signs alike', async () => {
  const text = 'a < b & "c"\n  indented  twice\n\n<b>no tag</b>\tend'
  const event = await create(withBody(text, 'text'))
  expect(object(event['body'])['contentType']).toBe('html')
  expect(content(event)).toMatch(/^<html>.*<\/html>\s*$/s)
  const read = await get(event, asText)
  expect(object(read['body'])).toEqual({
    contentType: 'text',
    content: 'a < b & "c"\r\n  indented  twice\r\n\r\n<b>no tag</b>    end',
  })
})

test('HTML comes back without what a mailbox does not let through', async () => {
  const html = `<html><head><style>p{}</style></head><body onload="x()"><p onclick='x()' class="a">Hi <script>alert(1)</script><b>you</b></p>
    <a href="java&#115;cript:alert(1)">bad</a> <a href="https://example.com/?a=1&amp;b=2">good</a><!-- note --><form><input value="1">in</form><iframe src="x">no</iframe></body></html>`
  const shown = content(await create(withBody(html)))
  for (const gone of ['onload', 'onclick', 'alert', 'script', '<form', '<input', 'iframe', 'note', 'p{}'])
    expect(shown).not.toContain(gone)
  for (const kept of [
    '<p class="a">Hi <b>you</b></p>',
    'https://example.com/?a=1&amp;b=2',
    '>good</a>',
    'in',
  ])
    expect(shown).toContain(kept)
})

test('a body that is sent back as it was read stays the same', async () => {
  const event = await create(withBody('<div>One<br>Two &copy; 5 &lt; 6</div>'))
  const again = await patch(event, { body: event['body'] })
  expect(content(again)).toBe(content(event))
})

test('the wrapping of a body differs from copy to copy while its text does not', async () => {
  const made: Json[] = []
  for (let copy = 0; copy < 12; copy += 1) made.push(await create(withBody('<p>Same</p>')))
  expect(new Set(made.map(content)).size).toBeGreaterThan(1)
  const texts = await Promise.all(made.slice(0, 3).map((event) => get(event, asText)))
  expect(new Set(texts.map(content))).toEqual(new Set(['Same']))
})

test('an event without a body has an empty one, and a preview has 255 signs at most', async () => {
  const empty = await create(meeting('x', 9))
  expect([empty['body'], empty['bodyPreview']]).toEqual([{ contentType: 'html', content: '' }, ''])
  const long = await create(withBody('word '.repeat(100), 'text'))
  expect(String(long['bodyPreview'])).toBe('word '.repeat(51))
  expect((await patch(long, { body: null }))['bodyPreview']).toBe('')
})

test('a link reads as text and address', async () => {
  const event = await create(
    withBody(
      '<a href="https://example.com/x">Here</a> or <a href="https://example.com/y">https://example.com/y</a>',
    ),
  )
  expect(content(await get(event, asText))).toBe('Here<https://example.com/x> or https://example.com/y')
})

test('an online meeting has a link, in its properties and in its body, and stays one whatever is said', async () => {
  const event = await create(
    meeting('x', 9, { isOnlineMeeting: true, body: { contentType: 'text', content: 'Agenda' } }),
  )
  const joinUrl = String(object(event['onlineMeeting'])['joinUrl'])
  expect(joinUrl).toMatch(/^https:\/\/teams\.microsoft\.com\/l\/meetup-join\//)
  expect(event).toMatchObject({
    isOnlineMeeting: true,
    onlineMeetingProvider: 'teamsForBusiness',
    onlineMeetingUrl: null,
  })
  expect(content(event)).toContain(joinUrl)
  const text = content(await get(event, asText))
  expect(text.split('\r\n')).toEqual(
    expect.arrayContaining(['Agenda', '_'.repeat(80), `Join the meeting now<${joinUrl}>`]),
  )
  const off = await patch(event, { isOnlineMeeting: false, subject: 'y' })
  expect(off).toMatchObject({ isOnlineMeeting: true, onlineMeeting: { joinUrl } })
})

test('a body that loses the link breaks the online meeting, one that keeps it does not', async () => {
  const event = await create(meeting('x', 9, { isOnlineMeeting: true }))
  const joinUrl = String(object(event['onlineMeeting'])['joinUrl'])
  const kept = await patch(event, { body: { contentType: 'html', content: `<p>More</p>${content(event)}` } })
  expect(kept).toMatchObject({ isOnlineMeeting: true, onlineMeeting: { joinUrl } })
  const broken = await patch(event, { body: { contentType: 'text', content: 'Nothing but words' } })
  expect(broken).toMatchObject({
    isOnlineMeeting: false,
    onlineMeeting: null,
    onlineMeetingProvider: 'unknown',
  })
})

test('a mailbox may make events online meetings unasked, as switched', async () => {
  const attendees = [{ emailAddress: { address: 'kim@elsewhere.example' } }]
  const made = async (more: Json) =>
    (await create(meeting('x', 9, { isOnlineMeeting: false, ...more })))['isOnlineMeeting']
  expect(await made({ attendees })).toBe(false)
  await switched({ 'microsoft.addsOnlineMeeting': 'toMeetings' })
  expect([await made({ attendees }), await made({})]).toEqual([true, false])
  await switched({ 'microsoft.addsOnlineMeeting': 'always' })
  const event = await create(meeting('x', 9))
  expect(event['isOnlineMeeting']).toBe(true)
  expect((await patch(event, { subject: 'y' }))['isOnlineMeeting']).toBe(true)
})
