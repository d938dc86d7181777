import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { personAt, vendors, type Person, type Vendor } from './people.ts'
import { list, object, play, type Json, type Played } from './played.ts'

let played: Played

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
})

const guest = 'grace@example.com'
const organizer = 'ada@example.com'

/** What an event says of a guest's answer, in Google's words. */
function answerIn(event: Json): unknown {
  const rows = list(event['attendees'])
  const row = rows.find((one) => (one['email'] ?? object(one['emailAddress'])['address']) === guest)
  return row?.['responseStatus'] ?? googleWords[String(object(row?.['status'])['response'])]
}
const googleWords: Record<string, string> = {
  none: 'needsAction',
  accepted: 'accepted',
  tentativelyAccepted: 'tentative',
  declined: 'declined',
}

describe.each(vendors)('%s', (vendor: Vendor) => {
  let ada: Person
  let grace: Person
  beforeEach(async () => {
    grace = await personAt(played, vendor, guest)
    ada = await personAt(played, vendor, organizer)
  })
  const mail = async () => {
    const { body } = await played.control('GET', 'mail?kind=response')
    return list(body['items']).map(({ account, to }) => [account, to])
  }
  const respond = async (act: string, day = '2026-03-05') => grace.edit(await grace.occurrence(day), { act })

  test('an invitation stands in the guest’s calendar unanswered, and nobody was told of an answer', async () => {
    await ada.add({ title: 'Review', guests: guest })
    expect([answerIn(await grace.find('Review')), answerIn(await ada.find('Review'))]).toEqual([
      'needsAction',
      'needsAction',
    ])
    expect(await mail()).toEqual([])
  })

  test.each(['accepted', 'tentative'])(
    'an answer "%s" is in both calendars, and the organizer is mailed',
    async (act) => {
      await ada.add({ title: 'Review', guests: guest })
      expect((await respond(act)).status).toBe(303)
      expect([answerIn(await grace.find('Review')), answerIn(await ada.find('Review'))]).toEqual([act, act])
      expect(await mail()).toEqual([[guest, [organizer]]])
    },
  )

  test('a refusal is told to the organizer, who keeps the meeting', async () => {
    await ada.add({ title: 'Review', guests: guest })
    await respond('declined')
    expect(answerIn(await ada.find('Review'))).toBe('declined')
    expect(await ada.days('2026-03-05', '2026-03-06')).toEqual(['Review 2026-03-05T08:00'])
    expect(await mail()).toEqual([[guest, [organizer]]])
    // Google leaves it in the guest's calendar as declined, Outlook takes it out.
    const kept = await grace.days('2026-03-05', '2026-03-06')
    expect(kept).toEqual(vendor === 'google' ? ['Review 2026-03-05T08:00'] : [])
  })

  test('an answer can be changed, and the form shows the one that stands', async () => {
    await ada.add({ title: 'Review', guests: guest })
    const pressed = async () => {
      const id = await grace.occurrence('2026-03-05')
      const { text } = await grace.see(`/event?${new URLSearchParams({ calendar: grace.calendar, id })}`)
      return [...text.matchAll(/value="(\w+)"\s+aria-pressed="true"/g)].map(([, value]) => value)
    }
    expect(await pressed()).toEqual([])
    await respond('tentative')
    expect(await pressed()).toEqual(['tentative'])
    await respond('accepted')
    expect(await pressed()).toEqual(['accepted'])
    expect(answerIn(await ada.find('Review'))).toBe('accepted')
    expect(await mail()).toHaveLength(2)
  })

  test('the organizer’s page shows each guest’s answer, and asks the organizer for none', async () => {
    await ada.add({ title: 'Review', guests: `${guest}, bob@elsewhere.org` })
    await respond('accepted')
    const id = await ada.occurrence('2026-03-05')
    const { text } = await ada.see(`/event?${new URLSearchParams({ calendar: ada.calendar, id })}`)
    expect(text).toMatch(/grace@example\.com <span class="badge accepted">/)
    expect(text).toMatch(/bob@elsewhere\.org <span class="badge none">/)
    expect(text).not.toContain('id="answer-form"')
  })

  const weekly = { title: 'Choir', guests: guest, repeat: 'weekly', days: ['TH'], ends: 'after', count: '2' }

  test('an answer to one occurrence is for it alone', async () => {
    await ada.add(weekly)
    await respond('accepted', '2026-03-12')
    for (const person of [ada, grace]) {
      const shown = []
      for (const day of ['2026-03-05', '2026-03-12']) shown.push(answerIn(await person.event(day)))
      expect(shown).toEqual(['needsAction', 'accepted'])
    }
  })

  test('an answer for all events of a series is for each of them', async () => {
    await ada.add(weekly)
    await grace.edit(await grace.occurrence('2026-03-12'), { act: 'tentative', scope: 'all' })
    for (const person of [ada, grace]) {
      const shown = []
      for (const day of ['2026-03-05', '2026-03-12']) shown.push(answerIn(await person.event(day)))
      expect(shown).toEqual(['tentative', 'tentative'])
    }
    expect(await mail()).toEqual([[guest, [organizer]]])
  })
})
