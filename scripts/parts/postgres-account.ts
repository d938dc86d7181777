import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface Account {
  uid: number
  gid: number
}

/** Where PostgreSQL's programs (the folder above `bin`) and its data are. */
export interface Places {
  programs: string
  cluster: string
}

/** A folder every user may enter, for when the repository lies in one that only root may enter. */
const openFolder = '/var/lib/calendar-sync'

/** PostgreSQL refuses to run as root. Root therefore runs it as the user `postgres`, made here if the machine has none. */
export function postgresAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  const known = lookUp()
  if (known) return known
  execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'pipe' })
  const made = lookUp()
  if (!made) {
    throw new Error('PostgreSQL does not run as root, and no user "postgres" could be made for it.')
  }
  return made
}

function lookUp(): Account | null {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return null
  }
}

/**
 * That user has to pass every folder on the way. Below one it may not enter, such as /root, the programs are copied and the data is kept
 * in a folder it may, with a link to it where the data would be.
 */
export function reachablePlaces(wanted: Places, account: Account, dataDir: string): Places {
  const mode = statSync(dataDir).mode
  if ((mode & 0o011) !== 0o011) chmodSync(dataDir, mode | 0o011)
  const { programs, cluster } = wanted
  return {
    programs: isReachable(programs, account) ? programs : copyPrograms(programs),
    cluster: isReachable(cluster, account) && !isLink(cluster) ? cluster : linkCluster(cluster),
  }
}

/** Removes data that is kept elsewhere for the reason above. */
export function removeLinkedCluster(cluster: string): void {
  if (!isLink(cluster)) return
  const target = readlinkSync(cluster)
  if (dirname(dirname(target)) === openFolder) rmSync(dirname(target), { recursive: true, force: true })
}

function isReachable(path: string, account: Account): boolean {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
  }
  return true
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}

function copyPrograms(programs: string): string {
  // npm unpacks every version anew, so the time of the unpacking tells versions apart.
  const { mtimeMs, ino } = statSync(join(programs, 'bin', 'postgres'))
  const copy = join(openFolder, `programs-${shortHash(`${programs} ${mtimeMs} ${ino}`)}`)
  if (existsSync(copy)) return copy
  mkdirSync(openFolder, { recursive: true, mode: 0o755 })
  const unfinished = `${copy}.${process.pid}`
  cpSync(programs, unfinished, { recursive: true, verbatimSymlinks: true })
  renameSync(unfinished, copy)
  return copy
}

function linkCluster(cluster: string): string {
  const target = join(openFolder, shortHash(cluster), basename(cluster))
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
  if (!isLink(cluster)) symlinkSync(target, cluster)
  return target
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
