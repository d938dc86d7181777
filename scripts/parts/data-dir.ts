import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from './command.ts'
import { removeLinkedCluster } from './postgres-account.ts'

const marker = '.calendar-sync'

/** Raised for a data folder that is not ours to use or to clear. */
export class ForeignFolder extends Error {
  override readonly name = 'ForeignFolder'
}

export function dataDirFrom(env: NodeJS.ProcessEnv): string {
  return resolve(root, env['DATA_DIR'] || '.data')
}

/** Makes the folder, or takes one that is empty, and marks it, so that a reset never clears what was somebody's before. */
export function openDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true })
  if (isOurs(dataDir)) return
  if (readdirSync(dataDir).length > 0) {
    throw new ForeignFolder(
      `DATA_DIR is ${dataDir}, which holds files that are not ours. Choose an empty or a new folder.`,
    )
  }
  writeFileSync(join(dataDir, marker), 'Made by calendar-sync; "npm run reset" removes everything here.\n')
}

/** Removes all we keep, and nothing in a folder that is not ours. */
export function clearDataDir(dataDir: string): void {
  if (!existsSync(dataDir)) return
  if (!isOurs(dataDir) && readdirSync(dataDir).length > 0) {
    throw new ForeignFolder(`${dataDir} does not look like a data folder of ours, so nothing was removed.`)
  }
  removeLinkedCluster(join(dataDir, 'postgres'))
  for (const entry of readdirSync(dataDir)) rmSync(join(dataDir, entry), { recursive: true, force: true })
}

/** The repository's own `.data` always is; tests leave things there without a marker. */
function isOurs(dataDir: string): boolean {
  return dataDir === join(root, '.data') || existsSync(join(dataDir, marker))
}

export function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
