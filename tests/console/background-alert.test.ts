import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDemoTenant } from '../../scripts/demo-tenant.ts'
import { openChromium } from '../../scripts/parts/chromium.ts'
import { buildConsole } from '../../scripts/parts/console.ts'
import { startStack, type Stack } from '../support/stack.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'calendar-sync-alert-'))
let stack: Stack
let browser: Browser
beforeAll(async () => {
  await buildConsole()
  ;[stack, browser] = await Promise.all([startStack({ workers: 0 }), openChromium()])
})
afterAll(async () => {
  await browser.close()
  await stack.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('R3: while no worker is there every page says so, and what to do', async () => {
  const place = { api: stack.apiUrl, sandbox: { control: `${stack.sandboxUrl}/_sandbox` } }
  const demo = await ensureDemoTenant(place, { dataDir, operatorKey: 'op_for_tests' })
  const page = await browser.newPage()
  await page.goto(demo.signInLink)
  const alert = page.locator('#background-alert')
  await alert.waitFor()
  expect(await alert.textContent()).toContain('Start a worker; nothing is lost meanwhile.')
  await stack.startWorker()
  await alert.waitFor({ state: 'detached', timeout: 40_000 })
})
