import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { listen } from './hook.ts'
import { fieldsOf, personAt, vendors, visit, type Person } from './people.ts'
import { list, object, play, until, type Played } from './played.ts'

let played: Played

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
})

describe.each(vendors)('%s', (vendor) => {
  let ada: Person
  const email = 'ada@example.com'
  beforeEach(async () => {
    ada = await personAt(played, vendor, email)
  })
  const idOf = async (title: string): Promise<string> => String((await ada.find(title))['id'])
  const weekly = { title: 'Choir', repeat: 'weekly', days: ['TH'], ends: 'after', count: '4' }
  const march = (): Promise<string[]> => ada.days('2026-03-01', '2026-04-01')

  test('an event added on the page is what the API tells', async () => {
    const added = await ada.add({
      title: 'Roof inspection',
      location: 'Kantstraße 12',
      notes: 'Bring a ladder.\r\nAnd rope.',
      guests: 'grace@example.com, bob@example.com',
      showAs: 'free',
      private: 'yes',
    })
    expect([added.status, added.location]).toEqual([303, expect.stringContaining('date=2026-03-05')])
    const event = await ada.find('Roof inspection')
    expect(event).toMatchObject(
      vendor === 'google'
        ? {
            start: { dateTime: '2026-03-05T09:00:00+01:00', timeZone: 'Europe/Berlin' },
            location: 'Kantstraße 12',
            description: 'Bring a ladder.\nAnd rope.',
            transparency: 'transparent',
            visibility: 'private',
            attendees: [{ email: 'grace@example.com' }, { email: 'bob@example.com' }],
          }
        : {
            start: { dateTime: '2026-03-05T08:00:00.0000000', timeZone: 'UTC' },
            location: { displayName: 'Kantstraße 12' },
            bodyPreview: 'Bring a ladder.\r\nAnd rope.',
            showAs: 'free',
            sensitivity: 'private',
          },
    )
  })

  test('an all-day event ends on the day its form names', async () => {
    await ada.add({ title: 'Trade fair', allDay: 'yes', endDate: '2026-03-07' })
    const { start, end } = await ada.find('Trade fair')
    const day = (time: unknown): unknown =>
      object(time)['date'] ?? String(object(time)['dateTime']).slice(0, 10)
    expect([day(start), day(end)]).toEqual(['2026-03-05', '2026-03-08'])
  })

  test('a form as scripts send it, with date and time in one, adds an event too', async () => {
    const { calendar } = ada
    const times = { start: '2026-03-05T09:00', end: '2026-03-05T10:00' }
    expect((await ada.send('events', { calendar, title: '<b>Party</b>', ...times })).status).toBe(303)
    const shown = (await ada.see('?view=list')).text
    expect(shown).toContain('&lt;b&gt;Party&lt;/b&gt;')
    const id = /name="id" value="([^"]+)"/.exec(shown)?.[1] ?? ''
    expect((await ada.send('delete', { calendar, id })).status).toBe(303)
    expect(await march()).toEqual([])
  })

  test('an edit changes what was typed anew and keeps what others changed meanwhile', async () => {
    await ada.add({ title: 'Review', location: 'Room 1' })
    const id = await idOf('Review')
    const opened = await ada.see(`/event?${new URLSearchParams({ calendar: ada.calendar, id })}`)
    await ada.edit(id, { location: 'Room 2' })
    await ada.send('event', { ...fieldsOf(opened.text), act: 'save', title: 'Retro' })
    const place = (await ada.find('Retro'))['location']
    expect(vendor === 'google' ? place : object(place)['displayName']).toBe('Room 2')
  })

  test('an edit of one occurrence leaves the others as they are', async () => {
    await ada.add(weekly)
    await ada.edit(await ada.occurrence('2026-03-12'), {
      title: 'Concert',
      startTime: '11:00',
      endTime: '12:00',
    })
    expect(await march()).toEqual([
      'Choir 2026-03-05T08:00',
      'Concert 2026-03-12T10:00',
      'Choir 2026-03-19T08:00',
      'Choir 2026-03-26T08:00',
    ])
  })

  test('an edit of all events moves every occurrence as far as the opened one, days of the week and all', async () => {
    await ada.add(weekly)
    const id = await ada.occurrence('2026-03-12')
    await ada.edit(id, {
      scope: 'all',
      startDate: '2026-03-13',
      endDate: '2026-03-13',
      startTime: '10:30',
      endTime: '12:00',
    })
    expect(await march()).toEqual(
      [6, 13, 20, 27].map((day) => `Choir 2026-03-${String(day).padStart(2, '0')}T09:30`),
    )
  })

  test('an occurrence edited with "this and following" ends the old series and starts a new one', async () => {
    await ada.add(weekly)
    const before = await ada.find('Choir')
    const id = await ada.occurrence('2026-03-19')
    await ada.edit(id, { scope: 'following', title: 'Orchestra', startTime: '11:00', endTime: '12:00' })
    expect(await march()).toEqual([
      'Choir 2026-03-05T08:00',
      'Choir 2026-03-12T08:00',
      'Orchestra 2026-03-19T10:00',
      'Orchestra 2026-03-26T10:00',
    ])
    expect((await ada.find('Choir'))['id']).toBe(before['id'])
    expect((await ada.find('Orchestra'))['id']).not.toBe(before['id'])
    expect(await ada.days('2026-04-01', '2026-05-01')).toEqual([])
  })

  test('a deletion with "this and following" ends the series before, and the whole series at its first event', async () => {
    await ada.add(weekly)
    await ada.edit(await ada.occurrence('2026-03-19'), { act: 'delete', scope: 'following' })
    expect(await march()).toEqual(['Choir 2026-03-05T08:00', 'Choir 2026-03-12T08:00'])
    await ada.edit(await ada.occurrence('2026-03-05'), { act: 'delete', scope: 'following' })
    expect(await march()).toEqual([])
  })

  test('an occurrence is deleted by itself, and the series with all of it', async () => {
    await ada.add(weekly)
    await ada.edit(await ada.occurrence('2026-03-12'), { act: 'delete' })
    expect(await march()).toEqual(
      [5, 19, 26].map((day) => `Choir 2026-03-${String(day).padStart(2, '0')}T08:00`),
    )
    await ada.edit(await ada.occurrence('2026-03-19'), { act: 'delete', scope: 'all' })
    expect(await march()).toEqual([])
  })

  test.each([
    ['daily', { repeat: 'daily', interval: '2', ends: 'on', until: '2026-03-09' }, [5, 7, 9]],
    ['on some weekdays', { repeat: 'weekly', days: ['MO', 'TH'], ends: 'after', count: '3' }, [5, 9, 12]],
    ['every other week', { repeat: 'weekly', interval: '2', days: ['TH'], ends: 'never' }, [5, 19]],
    ['monthly by the day', { repeat: 'monthly', ends: 'after', count: '2' }, [5]],
    ['monthly by the weekday', { repeat: 'monthlyWeekday', ends: 'never' }, [5]],
    ['yearly', { repeat: 'yearly', ends: 'never' }, [5]],
  ])('a rule that is typed is the rule that is opened again: %s', async (_name, rule, days) => {
    await ada.add({ title: 'Rule', ...rule })
    expect(await march()).toEqual(days.map((day) => `Rule 2026-03-${String(day).padStart(2, '0')}T08:00`))
    const opened = await ada.see(
      `/event?${new URLSearchParams({ calendar: ada.calendar, id: await idOf('Rule') })}`,
    )
    expect(fieldsOf(opened.text)).toMatchObject(rule)
  })

  test('a rule the form has no words for is shown and survives an edit of the title', async () => {
    const { call, rule } = await oddSeries(vendor)
    await ada.edit(await idOf('Odd'), { title: 'Odder' })
    const event = await ada.find('Odder')
    expect(
      vendor === 'google' ? event['recurrence'] : object(object(event['recurrence'])['pattern']),
    ).toMatchObject(rule)
    expect(call.status).toBeLessThan(300)
  })

  const oddSeries = async (vendor: 'google' | 'microsoft') => {
    const call = await played.account(vendor, email)
    const at = (hour: number) => ({ dateTime: `2026-03-27T0${hour}:00:00`, timeZone: 'Europe/Berlin' })
    if (vendor === 'google') {
      const rule = ['RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1FR']
      const body = { summary: 'Odd', start: at(8), end: at(9), recurrence: rule }
      return { call: await call('POST', '/calendar/v3/calendars/primary/events', body), rule }
    }
    const pattern = { type: 'relativeYearly', interval: 1, daysOfWeek: ['friday'], index: 'last', month: 3 }
    const recurrence = { pattern, range: { type: 'noEnd', startDate: '2026-03-27' } }
    const body = { subject: 'Odd', start: at(8), end: at(9), recurrence }
    return { call: await call('POST', '/v1.0/me/events', body), rule: pattern }
  }

  test('a dragged event goes where it was dropped; a dragged series is asked about first', async () => {
    await ada.add({ title: 'Lunch' })
    const lunch = { calendar: ada.calendar, id: await idOf('Lunch') }
    await ada.send('move', { ...lunch, start: '2026-03-06T12:15', end: '2026-03-06T13:15' })
    expect(await march()).toEqual(['Lunch 2026-03-06T11:15'])
    await ada.send('delete', lunch)

    await ada.add(weekly)
    const id = await ada.occurrence('2026-03-12')
    const drop = { calendar: ada.calendar, id, start: '2026-03-13T09:00', end: '2026-03-13T10:00' }
    const asked = await ada.send('move', drop)
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Move a repeating event')])
    expect((await march())[1]).toBe('Choir 2026-03-12T08:00')
    await ada.send('move', { ...drop, scope: 'this' })
    expect((await march())[1]).toBe('Choir 2026-03-13T08:00')
  })

  test('times are shown and typed in the zone of the account', async () => {
    const kim = await personAt(played, vendor, 'kim@example.com', { timeZone: 'America/New_York' })
    await kim.add({ title: 'Breakfast' })
    expect(await kim.days('2026-03-05', '2026-03-06')).toEqual(['Breakfast 2026-03-05T14:00'])
    expect((await kim.see('?view=week&date=2026-03-05')).text).toContain('data-start="2026-03-05T09:00"')
  })

  test('what is wrong in a form is named by its field, and what was typed stays', async () => {
    const wrong = {
      title: 'Keep <me>',
      startTime: '25:00',
      guests: 'nobody',
      repeat: 'weekly',
      interval: '0',
    }
    const { status, text } = await ada.add(wrong)
    expect(status).toBe(400)
    for (const said of [
      'Start time: give a time',
      'Guests: nobody is no email',
      'Every: give a whole',
      'Days: choose',
    ])
      expect(text).toContain(said)
    expect(text).toContain('value="Keep &lt;me&gt;"')
    expect(text).toMatch(/<input[^>]*id="startTime"[^>]*aria-invalid="true"/)
    expect(await march()).toEqual([])
  })

  test('one occurrence takes no rule of its own', async () => {
    await ada.add(weekly)
    const answer = await ada.edit(await ada.occurrence('2026-03-12'), { repeat: 'daily' })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('Repeat: one occurrence')])
  })

  test('an event that somebody deleted meanwhile cannot be opened any more', async () => {
    await ada.add({ title: 'Gone' })
    const query = new URLSearchParams({ calendar: ada.calendar, id: await idOf('Gone') })
    await ada.send('delete', Object.fromEntries(query))
    expect((await ada.see(`/event?${query}`)).status).toBe(404)
    expect((await ada.send('event', Object.fromEntries(query))).status).toBe(404)
  })

  test('a title never becomes part of a page', async () => {
    const title = '<script>alert(1)</script>"\'&'
    await ada.add({ title, location: title, notes: title })
    const id = await idOf(title)
    const query = new URLSearchParams({ calendar: ada.calendar, id })
    for (const place of [
      '?date=2026-03-05',
      '?view=week&date=2026-03-05',
      '?view=list',
      `/event?${query}`,
      `/api?${query}`,
    ]) {
      const { status, text } = await ada.see(place)
      expect(status).toBe(200)
      expect(text).not.toContain('<script>alert')
      expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    }
  })

  test('what the API says is what it says, with the request to ask it by', async () => {
    await ada.add(weekly)
    const id = await ada.occurrence('2026-03-12')
    const query = new URLSearchParams({ calendar: ada.calendar, id, ask: 'series' })
    const { text } = await ada.see(`/api?${query}`)
    const json = /<pre class="json"[^>]*>([\s\S]*?)<\/pre>/.exec(text)?.[1] ?? ''
    const plain = fieldsOf(`<textarea name="json">${json.replaceAll(/<[^>]*>/g, '')}</textarea>`)['json']
    const { '@odata.context': _context, ...told } = object(JSON.parse(String(plain)))
    expect(told).toEqual(await ada.find('Choir'))
    expect(text).toContain(`GET ${played.sandbox.url}/`)
  })

  test('apps hear of it by web hook, but no log has a request of a person and no fault is used up', async () => {
    const hook = await listen()
    onTestFinished(() => hook.close())
    const call = await played.account(vendor, email)
    await (vendor === 'google'
      ? call('POST', '/calendar/v3/calendars/primary/events/watch', {
          id: 'channel',
          type: 'web_hook',
          address: hook.url,
        })
      : call('POST', '/v1.0/subscriptions', {
          changeType: 'created',
          notificationUrl: hook.url,
          resource: '/me/events',
          expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
        }))
    const greetings = vendor === 'google' ? 1 : 0
    await until(() => hook.received.length === greetings)
    await played.control('DELETE', 'requests')
    await played.control('POST', 'faults', { kind: 'error', status: 503, times: 'always' })
    await ada.add({ title: 'Quiet' })
    expect((await ada.see('?date=2026-03-05')).text).toContain('Quiet')
    await until(() => hook.received.length === greetings + 1)
    expect(list((await played.control('GET', 'requests')).body['items'])).toEqual([])
    expect(list((await played.control('GET', 'faults')).body['items'])).toMatchObject([{ seen: 0 }])
  })

  test('nonsense in any address or form is answered with a page that says so', async () => {
    const pages = [
      ['', '?view=year&date=2026-99-99&off=x'],
      ['', '?date=9999-12-31'],
      ['new', '?start=2026-02-30&end=never'],
      ['event', '?calendar=nowhere&id=1'],
      ['event', '?id=%00%ff'],
      ['api', '?ask=nothing&id=../..'],
    ].map(([page, query]) => ada.see(`${page === '' ? '' : `/${page}`}${query}`))
    const forms = ['events', 'event', 'move', 'delete', 'calendars'].flatMap((path) => [
      ada.send(path, {}),
      ada.send(path, { calendar: 'nowhere', id: 'x' }),
      ada.send(path, { id: '\u0000', start: 'x', end: 'y', stood: '{"title":7}', days: ['a', 'b'] }),
    ])
    const answers = await Promise.all([...pages, ...forms])
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([])
    for (const { status, text } of answers.filter(({ status }) => status >= 400))
      expect([status, text]).toEqual([status, expect.stringContaining('role="alert"')])
  })

  test('who is not there has no page', async () => {
    const { status, text } = await visit(`${played.sandbox.url}/accounts/${vendor}/nobody%40example.com`)
    expect([status, text]).toEqual([404, expect.stringContaining('There is no account nobody@example.com.')])
  })

  test('a new calendar is there at once, and one that is hidden shows nothing', async () => {
    await ada.send('calendars', { name: 'Family' })
    await ada.add({ title: 'Mine' })
    const page = (await ada.see('?date=2026-03-05')).text
    expect(page).toContain('Hide Family')
    expect(page).toContain('Mine')
    const off = new URLSearchParams({ date: '2026-03-05', off: ada.calendar })
    expect((await ada.see(`?${off}`)).text).not.toContain('Mine')
  })
})

test('what Google refuses is told in its own words over the form, and what was typed stays', async () => {
  const grace = await played.account('google', 'grace@example.com')
  const ada = await personAt(played, 'google', 'ada@example.com')
  const rule = { role: 'reader', scope: { type: 'user', value: 'ada@example.com' } }
  await grace('POST', '/calendar/v3/calendars/primary/acl', rule)
  const call = await played.account('google', 'ada@example.com')
  await call('POST', '/calendar/v3/users/me/calendarList', { id: 'grace@example.com' })
  const { status, text } = await ada.add({ calendar: 'grace@example.com', title: 'Not mine' })
  expect([status, text]).toEqual([400, expect.stringContaining('Google answers 403 forbidden')])
  expect(text).toContain('value="Not mine"')
})

test('what Microsoft refuses is told in its own words over the form, and what was typed stays', async () => {
  const ada = await personAt(played, 'microsoft', 'ada@example.com')
  const { status, text } = await ada.add({ title: 'No time', endTime: '09:00' })
  expect([status, text]).toEqual([400, expect.stringContaining('Microsoft answers 400 Error')])
  expect(text).toContain('value="No time"')
})

test('Google tells guests by mail when the form says so, Microsoft always', async () => {
  const [google, microsoft] = await Promise.all(
    vendors.map((vendor) => personAt(played, vendor, 'ada@example.com')),
  )
  const guests = { guests: 'bob@example.com' }
  await google?.add({ title: 'Silent', ...guests })
  await google?.add({ title: 'Told', ...guests, mail: 'yes' })
  await microsoft?.add({ title: 'Always', ...guests })
  const mail = list((await played.control('GET', 'mail')).body['items'])
  expect(mail.map(({ subject }) => subject)).toEqual(['Told', 'Always'])
})
