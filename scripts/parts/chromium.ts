import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Raised when there is no browser to look at pages with. */
export class NoChromium extends Error {
  override readonly name = 'NoChromium'
}

/** A headless Chromium of this machine; on Debian and as root it is installed when it is missing. */
export async function openChromium(): Promise<Browser> {
  const executablePath = findChromium() ?? (await installChromium())
  return chromium.launch({
    executablePath,
    // Root has no sandbox, and nothing of the browser's own should reach for the network.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  })
}

/** CHROMIUM_PATH, else what the PATH or the usual places hold. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const onPath = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const candidates = [
    ...(env['CHROMIUM_PATH'] ? [env['CHROMIUM_PATH']] : []),
    ...names.flatMap((name) => onPath.map((folder) => join(folder, name))),
    ...elsewhere,
  ]
  return candidates.find(isExecutable)
}

async function installChromium(): Promise<string> {
  const tried = ['CHROMIUM_PATH is not set to one', `no ${names.join(', ')} on the PATH`]
  if (process.getuid?.() === 0) {
    try {
      await install().catch(() => install({ afterUpdate: true }))
      const installed = findChromium()
      if (installed) return installed
      tried.push('apt-get installed a package without a chromium')
    } catch (error) {
      tried.push(`apt-get install chromium: ${(error as Error).message.trim().split('\n').at(-1)}`)
    }
  } else {
    tried.push('not root, so Debian’s package cannot be installed')
  }
  throw new NoChromium(
    [
      'No Chromium or Chrome was found. Tried:',
      ...tried.map((one) => `  - ${one}`),
      'Install one (for example "apt-get install chromium"), or set CHROMIUM_PATH.',
    ].join('\n'),
  )
}

async function install({ afterUpdate = false } = {}): Promise<void> {
  const apt = (...words: string[]) =>
    promisify(execFile)('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
      maxBuffer: 50_000_000,
    })
  if (afterUpdate) await apt('update')
  await apt('install', '-y', '--no-install-recommends', 'chromium')
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
