import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { apiClient } from './api-client.ts'
import { runningProduct, type RunningProduct } from './demo/running-product.ts'
import { answerHelp, giveUp, root } from './parts/command.ts'
import { openChromium } from './parts/chromium.ts'
import { dataDirFrom, readJson } from './parts/data-dir.ts'

answerHelp(`
node scripts/screenshots.ts: the README's pictures, taken from the running product of DATA_DIR into docs/.
Run "npm run demo" before, so that there is something to see.
`)

const folder = join(root, 'docs')
const size = { width: 1400, height: 1000 }

async function takeAll(product: RunningProduct, dataDir: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const browser = await openChromium()
  try {
    await take(browser, 'console.png', async (page) => {
      await page.goto(await signInLink(product, dataDir))
      await page.getByRole('article').first().waitFor()
      await page.getByText('OAuth Complete').first().waitFor()
    })
    const { ui, namespace } = product.temporal
    if (!ui) throw new Error('This Temporal server was started elsewhere, so its Web UI is not known.')
    const workflows = `${ui}/namespaces/${namespace}/workflows`
    await take(browser, 'temporal-runs.png', async (page) => {
      await showColumns(page, namespace)
      const { tenant } = await apiClient(product.api, product.apiKey).get<Me>('/me')
      const query = `WorkflowType="syncRun" AND TenantId="${tenant.id}" AND Outcome="completed"`
      await page.goto(`${workflows}?query=${encodeURIComponent(query)}`)
      await page.getByText('sync-run/').first().waitFor()
    })
    const failed = await failedRun(product)
    await take(browser, 'temporal-failed-run.png', async (page) => {
      await page.goto(`${workflows}/${encodeURIComponent(failed)}`)
      await page.getByText('syncRun').first().waitFor()
      await pause(3_000)
    })
    const provider = await firstProvider(product)
    await take(browser, 'temporal-provider.png', async (page) => {
      await page.goto(`${workflows}/${encodeURIComponent(`provider/${provider}`)}`)
      await page.getByText('calendarProvider').first().waitFor()
    })
    await take(browser, 'temporal-details.png', async (page) => {
      await page.goto(`${workflows}/${encodeURIComponent(`provider/${provider}`)}`)
      // A tab that is clicked before its page is ready does nothing.
      await page.getByText('calendarProvider').first().waitFor()
      await pause(1_500)
      await page
        .getByRole('tab', { name: 'User Metadata' })
        .or(page.getByText('User Metadata'))
        .first()
        .click()
      // The Web UI shows Markdown in a frame.
      await page.frameLocator('iframe').getByText('subscription renewal').first().waitFor()
    })
    await take(browser, 'sandbox-google.png', async (page) => {
      await page.goto(`${product.sandbox.google}/accounts/google/dana@gmail.example`)
      await page.locator('#month').waitFor()
    })
    await take(browser, 'sandbox-outlook.png', async (page) => {
      await page.goto(`${product.sandbox.microsoft}/accounts/microsoft/dana@outlook.example?view=week`)
      await page.locator('#hours').waitFor()
    })
  } finally {
    await browser.close()
  }
}

async function take(browser: Browser, name: string, arrange: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: size, colorScheme: 'light' })
  const page = await context.newPage()
  await arrange(page)
  // Pictures and charts settle a moment after their texts are there.
  await pause(1500)
  await page.screenshot({ path: join(folder, name) })
  await context.close()
  console.log(`✓ docs/${name}`)
}

/** The link of the start is used up by now; the operator key makes another. */
async function signInLink(product: RunningProduct, dataDir: string): Promise<string> {
  const secrets = readJson(join(dataDir, 'secrets.json')) as { operatorKey: string } | null
  const tenant = await apiClient(product.api, product.apiKey).get<Me>('/me')
  const operator = apiClient(product.api, secrets?.operatorKey ?? '')
  const path = `/tenants/${tenant.tenant.id}/sign-in-links`
  return (await operator.post<{ url: string }>(path)).url
}

interface Me {
  tenant: { id: string }
}

/** A run that the vendor refuses; its provider is well again afterwards. Answers the id of its workflow. */
async function failedRun(product: RunningProduct): Promise<string> {
  const api = apiClient(product.api, product.apiKey)
  const provider = await firstProvider(product)
  const { accountEmail: account, vendor } = await api.get<{ accountEmail: string; vendor: string }>(
    `/providers/${provider}`,
  )
  const faults = `${product.sandbox.control}/faults`
  const refusal = { kind: 'error', vendor, account, status: 403, code: 'forbidden', times: 'always' }
  await fetch(faults, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(refusal),
  })
  try {
    const { run } = await api.post<{ run: { id: string; workflowId: string } }>(`/providers/${provider}/sync`)
    while ((await api.get<{ outcome: string | null }>(`/runs/${run.id}`)).outcome === null) await pause(200)
    return run.workflowId
  } finally {
    await fetch(faults, { method: 'DELETE' })
    await api.post(`/providers/${provider}/sync`)
  }
}

async function firstProvider(product: RunningProduct): Promise<string> {
  const { items } = await apiClient(product.api, product.apiKey).get<{ items: { id: string }[] }>(
    '/providers',
  )
  const [provider] = items
  if (!provider) throw new Error('There is no provider to show.')
  return provider.id
}

/** Which columns the Web UI shows is kept by the browser. */
async function showColumns(page: Page, namespace: string): Promise<void> {
  const labels = ['Status', 'Workflow ID', 'Trigger', 'Outcome', 'Vendor']
  const columns = JSON.stringify({ [namespace]: labels.map((label) => ({ label })) })
  await page.addInitScript(
    (value) => globalThis.localStorage.setItem('namespace-workflow-table-columns', value),
    columns,
  )
}

const dataDir = dataDirFrom(process.env)
try {
  await takeAll(runningProduct(dataDir), dataDir)
} catch (error) {
  giveUp(error)
}
