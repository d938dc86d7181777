import { randomBytes } from 'node:crypto'
import { insertApiKey, type ApiKey, type Role } from '../db/api-keys.ts'
import type { Db } from '../db/connection.ts'
import { fingerprintOf } from '../db/envelope.ts'
import { insertSession } from '../db/sessions.ts'
import type { ApiDeps } from './dependencies.ts'

const linkMinutes = 10

/** Makes an API key; its text is in this answer and nowhere else. */
export async function issueApiKey(
  db: Db,
  deps: ApiDeps,
  wish: { tenantId: string; name: string; role: Role },
): Promise<{ text: string; key: ApiKey }> {
  const prefix = `cs_${randomBytes(4).toString('hex')}`
  const text = `${prefix}_${randomBytes(24).toString('base64url')}`
  const key: ApiKey = {
    ...wish,
    id: deps.newId(),
    prefix,
    hash: fingerprintOf(text),
    createdAt: deps.now(),
    expiresAt: null,
    revokedAt: null,
  }
  await insertApiKey(db, key)
  return { text, key }
}

/** Makes a link that signs one browser in, once. */
export async function issueSignInLink(
  db: Db,
  deps: ApiDeps,
  tenantId: string,
): Promise<{ url: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(deps.now().getTime() + linkMinutes * 60_000)
  await insertSession(db, { hash: fingerprintOf(token), tenantId, kind: 'link', role: 'admin', expiresAt })
  return { url: `${deps.config.publicUrl}/sign-in?token=${token}`, expiresAt }
}
