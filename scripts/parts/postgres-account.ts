import { execFileSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Account {
  uid: number
  gid: number
}

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

/** That user has to pass every folder on the way. Folders of ours are opened; others are named, with what to do. */
export function requirePassage(path: string, account: Account, ours: string): void {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) !== 0) continue
    if (folder === ours) {
      chmodSync(folder, mode | 0o011)
      continue
    }
    throw new Error(
      `PostgreSQL does not run as root, so it runs as user "postgres" here, and that user may not enter ${folder}. ` +
        `Run this as an ordinary user, move the folder out of ${folder}, allow passage (chmod o+x ${folder}), or set DATABASE_URL.`,
    )
  }
}
