import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from './data-dir.ts'

export interface Secrets {
  encryptionKey: string
  operatorKey: string
}

/** Raised when a secret is missing that must not be made up. */
export class SecretMissing extends Error {
  override readonly name = 'SecretMissing'
}

/** Keys from the environment, else those kept in the data folder. A key is only made up for a database made beside it. */
export function secretsFor(dataDir: string, env: NodeJS.ProcessEnv): Secrets {
  const file = join(dataDir, 'secrets.json')
  const kept = (readJson(file) ?? {}) as Partial<Secrets>
  const given = env['CALENDAR_OAUTH_ENCRYPTION_KEY'] || env['NEXTAUTH_SECRET']
  if (!given && env['DATABASE_URL']) {
    throw new SecretMissing(
      'DATABASE_URL is set and CALENDAR_OAUTH_ENCRYPTION_KEY is not. Tokens in a database of your own need a key of your own: ' +
        'set it to the output of "openssl rand -base64 32" and keep it where you keep secrets.',
    )
  }
  if (!given && !kept.encryptionKey && existsSync(join(dataDir, 'postgres'))) {
    throw new SecretMissing(
      `${join(dataDir, 'postgres')} holds a database, but ${file} with its encryption key is gone. Bring the file back, ` +
        'set CALENDAR_OAUTH_ENCRYPTION_KEY, or remove everything with: npm run reset',
    )
  }
  const toKeep: Partial<Secrets> = {
    ...(given ? {} : { encryptionKey: randomBytes(32).toString('base64') }),
    operatorKey: `op_${randomBytes(24).toString('base64url')}`,
    ...kept,
  }
  writeFileSync(file, JSON.stringify(toKeep, null, 2), { mode: 0o600 })
  return {
    encryptionKey: given || toKeep.encryptionKey || '',
    operatorKey: env['OPERATOR_KEY'] || toKeep.operatorKey || '',
  }
}
