import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openChromium } from '../../scripts/parts/chromium.ts'
import { startSandbox } from '../../sandbox/server.ts'
import { interactiveElements } from '../console/interactive.ts'
import { personAt, vendors, type Person } from './people.ts'
import { playOn, until, type Played } from './played.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const desk = { viewport: { width: 1400, height: 1000 } }
// Whole pages are looked through by axe, which a busy machine does slowly.
vi.setConfig({ testTimeout: 180_000 })
let played: Played
let browser: Browser
let page: Page
/** What the browser complained of, and whom it asked beside the sandbox. */
let complaints: string[]

beforeAll(async () => {
  const now = Date.parse('2026-03-04T08:42:00Z')
  ;[played, browser] = await Promise.all([
    startSandbox({ seed: 'pages', now, frozen: true }).then(playOn),
    openChromium(),
  ])
})
afterAll(async () => {
  await browser.close()
  await played.close()
})
beforeEach(async () => {
  await played.control('POST', 'reset')
  complaints = []
  page = await openPage(desk)
})
afterEach(async () => {
  await page.context().close()
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
})

async function openPage(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options)
  const opened = await context.newPage()
  opened.on('console', (message) => {
    // That a form was refused is told to the console as well.
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text())
  })
  opened.on('pageerror', (error) => complaints.push(error.message))
  opened.on('request', (request) => {
    if (!request.url().startsWith(played.sandbox.url)) complaints.push(request.url())
  })
  return opened
}

const dialog = () => page.getByRole('dialog')
const chip = (name: RegExp) => page.locator('.month, .hours-of-week').getByRole('link', { name })
/** The middle of something on the page. */
async function middle(selector: string): Promise<{ x: number; y: number }> {
  const box = await page.locator(selector).boundingBox()
  if (box === null) throw new Error(`${selector} is not on the page.`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
}

describe.each(vendors)('%s', (vendor) => {
  let ada: Person
  const march = (): Promise<string[]> => ada.days('2026-03-01', '2026-04-01')
  const see = (place = '') => page.goto(`${played.sandbox.url}/accounts/${vendor}/ada%40example.com${place}`)
  beforeEach(async () => {
    ada = await personAt(played, vendor, 'ada@example.com')
  })

  test('a click on a day makes an event there, without leaving the calendar', async () => {
    await see()
    await page.locator('#add-2026-03-12').click()
    await dialog().getByLabel('Title').fill('Laser cutter service')
    expect(await dialog().getByLabel('Start date').inputValue()).toBe('2026-03-12')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await chip(/^Laser cutter service, Thursday, 12 March 2026, all day/).waitFor()
    await dialog().waitFor({ state: 'hidden' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('add-2026-03-12')
    expect(await march()).toEqual(['Laser cutter service 2026-03-12'])
  })

  test('with the keyboard alone an event is made, opened and deleted', async () => {
    await see()
    await page.locator('#add-2026-03-04').focus()
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await dialog().getByLabel('Title').waitFor()
    await page.keyboard.type('Typed')
    await page.keyboard.press('Enter')
    const typed = chip(/^Typed, Thursday, 12 March/)
    await typed.focus()
    await page.keyboard.press('Enter')
    await dialog().getByRole('button', { name: 'Delete' }).focus()
    await page.keyboard.press('Enter')
    await typed.waitFor({ state: 'detached' })
    expect(await march()).toEqual([])
  })

  test('an event dragged to another day of the month keeps its time', async () => {
    await ada.add({ title: 'Lunch', startTime: '12:30', endTime: '13:30' })
    await see()
    await chip(/Lunch/).waitFor()
    await drag(await middle('.month .chip'), await middle('[data-day="2026-03-20"]'))
    await chip(/^12:30 Lunch, Friday, 20 March/).waitFor()
    expect(await march()).toEqual(['Lunch 2026-03-20T11:30'])
    expect(await dialog().count()).toBe(0)
  })

  test('a drag that is given up with Escape changes nothing', async () => {
    await ada.add({ title: 'Lunch' })
    await see()
    const [from, to] = [await middle('.month .chip'), await middle('[data-day="2026-03-20"]')]
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(to.x, to.y, { steps: 4 })
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await page.locator('.ghost, .dragged, .target').count()).toBe(0)
    expect(await march()).toEqual(['Lunch 2026-03-05T08:00'])
  })

  test('in a week an event is drawn among the hours, dragged to another time and made longer', async () => {
    await see('?view=week')
    const monday = await page.locator('[data-day="2026-03-02"][data-hours]').boundingBox()
    if (monday === null) throw new Error('There is no Monday.')
    const at = (column: number, hour: number) => ({
      x: monday.x + monday.width * (column + 0.5),
      y: monday.y + (monday.height / 24) * hour,
    })
    await drag(at(0, 10), at(0, 11.5))
    await dialog().getByLabel('Title').fill('Drawn')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await chip(/^10:00 – 11:30 Drawn, Monday/).waitFor()
    await dialog().waitFor({ state: 'hidden' })

    await drag(at(0, 10.5), at(2, 12.5))
    await chip(/^12:00 – 13:30 Drawn, Wednesday/).waitFor()
    await drag({ x: at(2, 0).x, y: at(2, 13.5).y - 3 }, at(2, 14.5))
    await chip(/^12:00 – 14:30 Drawn, Wednesday/).waitFor()
    expect(await march()).toEqual(['Drawn 2026-03-04T11:00'])
  })

  test('a dragged occurrence asks which part of its series is meant', async () => {
    await ada.add({ title: 'Choir', repeat: 'weekly', days: ['TH'], ends: 'after', count: '3' })
    await see()
    await chip(/Choir, Thursday, 12 March/).waitFor()
    await drag(
      await middle('.month .chip[data-start^="2026-03-12"]'),
      await middle('[data-day="2026-03-13"]'),
    )
    await dialog().getByText('goes to Friday, 13 March 2026, 09:00 – 10:00').waitFor()
    await dialog().getByLabel('All events').check()
    await dialog().getByRole('button', { name: 'Move' }).click()
    await chip(/Choir, Friday, 20 March/).waitFor()
    expect(await march()).toEqual(
      [6, 13, 20].map((day) => `Choir 2026-03-${String(day).padStart(2, '0')}T08:00`),
    )
  })

  test('what was typed stays over the calendar when something is wrong with it', async () => {
    await see()
    await page.getByRole('link', { name: 'New event' }).click()
    await dialog().getByLabel('Title').fill('Kept')
    await dialog()
      .getByRole('textbox', { name: /^Guests/ })
      .fill('nobody')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().getByRole('alert').getByText('Guests: nobody is no email address.').waitFor()
    expect(await dialog().getByLabel('Title').inputValue()).toBe('Kept')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('guests')
  })

  test('a start that is moved takes its end along', async () => {
    await see()
    await page.getByRole('link', { name: 'New event' }).click()
    await dialog().getByLabel('Start time').fill('09:00')
    await dialog().getByLabel('End time').fill('10:30')
    await dialog().getByLabel('Start time').fill('23:00')
    await dialog().getByLabel('Start date').fill('2026-03-06')
    const ends = [dialog().getByLabel('End date'), dialog().getByLabel('End time')]
    expect(await Promise.all(ends.map((field) => field.inputValue()))).toEqual(['2026-03-07', '00:30'])
  })

  test('what an app writes appears on the open page by itself', async () => {
    await see()
    const app = await personAt(played, vendor, 'ada@example.com')
    await app.add({ title: 'From afar' })
    await chip(/From afar/).waitFor()
  })

  test('a title with a script in it is shown and never run', async () => {
    await ada.add({ title: '<img src=x onerror="document.title=1"><script>document.title=2</script>' })
    await see()
    await chip(/<script>document/).click()
    await dialog().getByLabel('Title').waitFor()
    await dialog().getByRole('link', { name: 'What the API says' }).click()
    await dialog().locator('#answer').getByText('<script>').waitFor()
    expect(await page.title()).toContain('ada@example.com')
  })

  test('the answer of the API is copied with one press', async () => {
    await ada.add({ title: 'Copied' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await see()
    await chip(/Copied/).click()
    await dialog().getByRole('link', { name: 'What the API says' }).click()
    await dialog().getByRole('button', { name: 'Copy the answer' }).click()
    const copied = () => page.evaluate(() => navigator.clipboard.readText())
    await until(async () => (await copied()).includes('Copied'))
    expect(JSON.parse(await copied())).toMatchObject(await ada.find('Copied'))
  })
})

test('the logs and the list of faults grow while they are looked at', async () => {
  const call = await played.account('google', 'ada@example.com')
  await page.goto(`${played.sandbox.url}/requests`)
  await page.getByText('Nothing yet').waitFor()
  await call('GET', '/calendar/v3/calendars/primary/events')
  await page.getByText('/calendar/v3/calendars/primary/events').waitFor()
  await page.goto(`${played.sandbox.url}/faults`)
  await page.getByRole('button', { name: 'Google answers 503 three times' }).click()
  await page.getByText('fired 0 of 3').waitFor()
  await call('GET', '/calendar/v3/calendars/primary/events')
  await page.getByText('fired 1 of 3').waitFor()
})

const looks: [string, BrowserContextOptions][] = [
  ['on a desk, in the light', { ...desk, colorScheme: 'light' }],
  ['on a desk, in the dark', { ...desk, colorScheme: 'dark' }],
  ['on a phone', { viewport: { width: 390, height: 844 } }],
]

test.each(looks)(
  'every page is accessible, and each of its parts has a name and an id of its own: %s',
  async (_name, look) => {
    const [ada, kim] = [
      await personAt(played, 'google', 'ada@example.com', { calendars: ['Team'] }),
      await personAt(played, 'microsoft', 'kim@example.com'),
    ]
    await fill(ada)
    await fill(kim)
    await played.control('POST', 'faults', { kind: 'latency', account: 'ada@example.com' })
    await played.control('POST', 'snapshot')
    const opened = await openPage(look)
    const google = '/accounts/google/ada%40example.com'
    const outlook = '/accounts/microsoft/kim%40example.com'
    const event = new URLSearchParams({
      calendar: kim.calendar,
      id: String((await kim.find('Series'))['id']),
    })
    const places = ['/', '/faults', '/requests', '/notifications', '/mail', '/switches', '/nowhere']
    const ofAccounts = ['', '?view=week', '?view=list', '/new'].flatMap((one) => [
      google + one,
      outlook + one,
    ])
    for (const place of [...places, ...ofAccounts, `${outlook}/event?${event}`, `${outlook}/api?${event}`]) {
      await opened.goto(played.sandbox.url + place)
      expect([place, await violations(opened)]).toEqual([place, []])
      const parts = await interactiveElements(opened)
      expect([place, parts.filter(({ id, name }) => id === '' || name === '')]).toEqual([place, []])
      expect([place, parts.length]).toEqual([place, new Set(parts.map(({ id }) => id)).size])
      const overflow = await opened.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect([place, overflow]).toEqual([place, 0])
    }
    await opened.context().close()
  },
)

test('a long call in the log is cut short, and nothing beside the calendar reaches under it', async () => {
  const call = await played.account('google', 'long@example.com')
  await call('GET', `/calendar/v3/calendars/primary/events/${'a'.repeat(100)}`)
  const opened = await openPage({ viewport: { width: 1400, height: 900 } })
  await opened.goto(`${played.sandbox.url}/accounts/google/long%40example.com`)
  const [mini, month] = await Promise.all([
    opened.locator('.mini').boundingBox(),
    opened.locator('.month').boundingBox(),
  ])
  expect(month?.x).toBeGreaterThan((mini?.x ?? 0) + (mini?.width ?? Infinity))
  await opened.context().close()
})

test('the dialogs are accessible too', async () => {
  const kim = await personAt(played, 'microsoft', 'kim@example.com')
  await fill(kim)
  await page.goto(`${played.sandbox.url}/accounts/microsoft/kim%40example.com`)
  await chip(/Series, Thursday, 12 March/).click()
  await dialog().getByLabel('Title').waitFor()
  expect(await violations(page)).toEqual([])
  await dialog().getByRole('link', { name: 'What the API says' }).click()
  await dialog().locator('#answer').waitFor()
  expect(await violations(page)).toEqual([])
})

/** One event of each look that events can have. */
async function fill(person: Person): Promise<void> {
  const series = { repeat: 'weekly', days: ['TH'], ends: 'never' }
  await person.add({ title: 'Series', ...series, guests: 'bob@example.com', mail: 'yes' })
  await person.add({ title: 'Free', showAs: 'free', location: 'Room 1' })
  await person.add({ title: 'Private', private: 'yes', endTime: '09:15' })
  await person.add({ title: 'Long', allDay: 'yes', endDate: '2026-03-12' })
  await person.add({ title: 'Free days', allDay: 'yes', showAs: 'free', endDate: '2026-03-06' })
  for (const title of ['Four', 'Five', 'Six']) await person.add({ title })
}

async function violations(opened: Page): Promise<string[]> {
  await opened.evaluate(axe)
  return opened.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>
      }
    }
    const found = (await axe.run()).violations
    return found.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
    )
  })
}
