import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ensureDemoTenant, type DemoTenant } from '../../scripts/demo-tenant.ts'
import { openChromium } from '../../scripts/parts/chromium.ts'
import { buildConsole } from '../../scripts/parts/console.ts'
import { writeEndpoints } from '../../scripts/parts/endpoints.ts'
import { asPerson } from '../support/sandbox-control.ts'
import { startStack, until, type Stack } from '../support/stack.ts'
import { tomorrow } from '../support/scene.ts'
import { interactiveElements } from './interactive.ts'

const operatorKey = 'op_for_tests'
const dataDir = mkdtempSync(join(tmpdir(), 'calendar-sync-console-'))
let stack: Stack
let browser: Browser
let demo: DemoTenant
let signedIn: BrowserContext
/** A page that stays open from test to test, as a person's does. */
let page: Page

beforeAll(async () => {
  await buildConsole()
  ;[stack, browser] = await Promise.all([startStack(), openChromium()])
  const place = { api: stack.apiUrl, sandbox: { control: `${stack.sandboxUrl}/_sandbox` } }
  demo = await ensureDemoTenant(place, { dataDir, operatorKey })
  signedIn = await browser.newContext({ viewport: { width: 1400, height: 1000 } })
  page = await signedIn.newPage()
  await page.goto(demo.signInLink)
  await card(page, 'Dana, Outlook').getByText('OAuth Complete').waitFor()
})
afterEach(() => stack.control.clearFaults())
afterAll(async () => {
  await browser.close()
  await stack.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true })
const syncButton = (page: Page, name: string) =>
  card(page, name).getByRole('button', { name: /^(Sync Now|Syncing…)/ })

/** Nothing syncs by itself now, so a run that is seen is the one that was asked for. */
const atRest = () =>
  until(
    'both calendars at rest',
    async () => {
      const answer = await fetch(`${stack.apiUrl}/api/v1/providers`, {
        headers: { authorization: `Bearer ${demo.apiKey}` },
      })
      const { items } = (await answer.json()) as {
        items: { run: unknown; lastSyncAt: unknown; counts: { waiting: number; creating: number } }[]
      }
      return items.every(
        ({ run, lastSyncAt, counts }) => !run && lastSyncAt && counts.waiting + counts.creating === 0,
      )
    },
    Boolean,
  )

test('without a session the console says to use the sign-in link that npm start printed', async () => {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(`${stack.apiUrl}/`)
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
  await expect(page.textContent('main')).resolves.toContain('sign-in link that npm start printed')
})

test('a card tells connection, consent, last sync, direction and subscription by their labels', async () => {
  await atRest()
  expect(new URL(page.url()).pathname).toBe('/settings/calendar-integrations')
  const text = await card(page, 'Dana, Google Calendar').innerText()
  for (const label of ['Connection Status', 'OAuth Complete', 'Last Sync', 'Sync Direction', 'Both ways']) {
    expect(text).toContain(label)
  }
  expect(text).toMatch(/Subscription\s+Active\s+expires in 7 days/)
})

test('Sync Now is busy as long as its run, for every viewer and across a reload, and ends with a banner', async () => {
  await atRest()
  const other = await signedIn.newPage()
  onTestFinished(() => other.close())
  await other.goto(page.url())
  await card(other, 'Dana, Outlook').waitFor()
  await stack.control.fault({ kind: 'latency', vendor: 'google', path: '/events', ms: 4_000, times: 1 })
  await syncButton(page, 'Dana, Google Calendar').click()

  const busy = 'Syncing… Dana, Google Calendar'
  for (const viewer of [page, other]) await viewer.getByRole('button', { name: busy }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: busy, disabled: true }).waitFor()

  const banner = card(page, 'Dana, Google Calendar').getByRole('status')
  await banner.waitFor()
  expect(await banner.innerText()).toMatch(/Sync completed \(run \d+\)\s+Nothing had changed: 0 created/)
  expect(await syncButton(page, 'Dana, Google Calendar').innerText()).toBe('Sync Now')
})

test('a failed run is told as the vendor told it, with a button that copies it, and the status is Error', async () => {
  await atRest()
  const refusal = { kind: 'error', vendor: 'microsoft', path: '/v1.0', times: 50 }
  await stack.control.fault({ ...refusal, status: 403, code: 'ErrorAccessDenied' })
  await syncButton(page, 'Dana, Outlook').click()

  const outlook = card(page, 'Dana, Outlook')
  await outlook.getByRole('alert').waitFor()
  expect(await outlook.getByRole('alert').innerText()).toMatch(/ErrorAccessDenied[\s\S]*Request id \S+/)
  await outlook.getByText('Error', { exact: true }).waitFor()
  await signedIn.grantPermissions(['clipboard-read', 'clipboard-write'])
  await outlook.getByRole('button', { name: 'Copy the error of Dana, Outlook' }).click()
  await until(
    'the error in the clipboard',
    () => page.evaluate(() => navigator.clipboard.readText()),
    (text) =>
      text.includes('Code: ErrorAccessDenied') && text.includes('Provider: Dana, Outlook (microsoft,'),
  )

  await stack.control.clearFaults()
  await syncButton(page, 'Dana, Outlook').click()
  await outlook.getByRole('alert').waitFor({ state: 'detached' })
  await outlook.getByText('Connected', { exact: true }).waitFor()
})

test('an event made at Google appears in the open schedule, and says how it stands in each calendar', async () => {
  const token = await stack.control.token('google', 'dana@gmail.example')
  const dana = asPerson(stack.sandboxUrl, 'google', token)
  const { id } = await dana.create({ title: 'Roof inspection', start: tomorrow(9), end: tomorrow(10) })

  const entry = page.getByRole('article', { name: 'Roof inspection' })
  await entry.getByText('Outlook: In sync').waitFor()
  await entry.getByText('Google: In sync').waitFor()
  await entry.getByText('Google', { exact: true }).waitFor()
  await dana.remove(id)
  await entry.waitFor({ state: 'detached' })
})

test('a calendar is added by the form and authorized in the popup; form and card show what the server knows', async () => {
  await page.getByRole('button', { name: 'Add Google Calendar' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give the calendar a name.').waitFor()
  await page.getByLabel('Name').fill('Front desk')
  await page.getByLabel('Sync Direction').selectOption('inbound')
  await page.getByRole('button', { name: 'Save' }).click()

  const form = page.getByRole('dialog')
  const popupOpens = page.waitForEvent('popup')
  await form.getByRole('button', { name: 'Authorize Front desk' }).click()
  const popup = await popupOpens
  await popup.locator('input[name=other_account]').fill('desk@gmail.example')
  await popup.getByRole('button', { name: 'Allow' }).click()
  await form.getByText('OAuth Complete').waitFor()
  await form.getByRole('button', { name: 'Done' }).click()
  await card(page, 'Front desk').getByText('Into the schedule only').waitFor()
  await card(page, 'Front desk').getByText('OAuth Complete').waitFor()
})

test('a popup that is closed sets the button back, and one that is blocked has its own message', async () => {
  const authorize = card(page, 'Dana, Outlook').getByRole('button', { name: 'Authorize Dana, Outlook' })
  const popupOpens = page.waitForEvent('popup')
  await authorize.click()
  const popup = await popupOpens
  expect(await authorize.isDisabled()).toBe(true)
  await popup.close()
  await until('the button is back', () => authorize.isEnabled(), Boolean)

  await page.evaluate(() => {
    globalThis.open = () => null
  })
  await authorize.click()
  await card(page, 'Dana, Outlook').getByText('The popup was blocked').waitFor()
  await card(page, 'Dana, Outlook').getByRole('button', { name: 'Close "The popup was blocked"' }).click()
})

test('every interactive element has an id of its own and an accessible name', async () => {
  const found = await interactiveElements(page)
  await page.getByRole('button', { name: 'Add Outlook Calendar' }).click()
  await page.getByLabel('Name').waitFor()
  const withForm = await interactiveElements(page)
  expect(withForm.length).toBeGreaterThan(found.length)
  for (const elements of [found, withForm]) {
    expect(elements.filter(({ id, name }) => id === '' || name === '')).toEqual([])
    expect(new Set(elements.map(({ id }) => id)).size).toBe(elements.length)
  }
})

test('the console asks nobody but its own server, and its content policy never objects', async () => {
  const page = await signedIn.newPage()
  onTestFinished(() => page.close())
  const asked = new Set<string>()
  const objections: string[] = []
  page.on('request', (request) => asked.add(new URL(request.url()).origin))
  page.on('console', (message) => message.type() === 'error' && objections.push(message.text()))
  page.on('pageerror', (error) => objections.push(error.message))
  await page.goto(`${stack.apiUrl}/`)
  await card(page, 'Dana, Outlook').waitFor()
  await page.getByRole('region', { name: 'Schedule' }).getByRole('article').first().waitFor()
  expect([...asked]).toEqual([stack.apiUrl])
  expect(objections).toEqual([])
})

test('npm run demo follows one event through both calendars of the running product', async () => {
  await atRest()
  const { apiUrl, namespace, sandboxUrl } = stack
  writeEndpoints(dataDir, {
    console: `${apiUrl}/`,
    api: apiUrl,
    apiDocs: `${apiUrl}/docs`,
    apiKey: demo.apiKey,
    temporal: { address: 'temporal.invalid:7233', namespace, ui: 'http://temporal.invalid' },
    database: '',
    sandbox: { google: sandboxUrl, microsoft: sandboxUrl, control: `${sandboxUrl}/_sandbox` },
    pid: process.pid,
  })
  const program = join(import.meta.dirname, '..', '..', 'scripts', 'demo.ts')
  const env = { ...process.env, DATA_DIR: dataDir }
  const { stdout } = await promisify(execFile)(process.execPath, [program], { env })
  for (const said of [
    'Outlook: the copy is there',
    'Google: the same event has the edit',
    'the entry is gone',
  ]) {
    expect(stdout).toContain(said)
  }
  expect(stdout).toContain(`http://temporal.invalid/namespaces/${namespace}/workflows/sync-run%2F`)
  expect(stdout).toMatch(/✓ Made, copied, edited and deleted: 9 steps and \d+ runs/)
})
