import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './command.ts'

const consoleFolder = join(root, 'console')
const built = join(consoleFolder, 'dist')
const stamp = join(built, 'sources.sha256')

/** Builds the console's page unless the one that is there was built from these very sources. */
export async function buildConsole(): Promise<'built' | 'current'> {
  const wanted = hashOfSources()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return 'current'
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
  // Two commands may build at once, and somebody may be reading the old page: each builds aside and swaps at the end.
  const aside = mkdtempSync(join(consoleFolder, '.building-'))
  const fresh = join(aside, 'dist')
  try {
    await asProduction(() =>
      build({
        root: consoleFolder,
        configFile: false,
        envFile: false,
        logLevel: 'error',
        plugins: [react()],
        build: {
          outDir: fresh,
          emptyOutDir: true,
          modulePreload: { polyfill: false },
          chunkSizeWarningLimit: 2000,
        },
      }),
    )
    writeFileSync(join(fresh, 'sources.sha256'), wanted)
    swap(fresh, join(aside, 'old', 'dist'))
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return 'built'
}

/** The bundler takes its mode from NODE_ENV, and a test runner sets another: that page would be a developer's, with paths of this machine. */
async function asProduction<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

function swap(fresh: string, old: string): void {
  mkdirSync(built, { recursive: true })
  mkdirSync(dirname(old), { recursive: true })
  renameSync(built, old)
  try {
    renameSync(fresh, built)
  } catch (error) {
    // Another command put its own there in this very moment, built from the same sources.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  const files = readdirSync(consoleFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|css|html|svg)$/.test(file) && !/^(dist|\.building-)/.test(file))
    .toSorted()
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(consoleFolder, file)))
      .update('\0')
  // The packages and the way of building are part of what is built.
  for (const file of [join(root, 'package-lock.json'), import.meta.filename]) hash.update(readFileSync(file))
  return hash.digest('hex')
}
