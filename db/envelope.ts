import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** The ciphertext was made under a key that is not here any more, or for another place: an operator's fault, not a vendor's. */
export class KeyMismatch extends Error {
  override readonly name = 'KeyMismatch'
}

export interface Envelope {
  /** AES-256-GCM. `context` (tenant, provider, field) is bound in, so a ciphertext opens only where it was put. */
  seal(plaintext: string, context: string): string
  open(ciphertext: string, context: string): string
}

/** Seals under the first key and opens under any: `v1.<key id>.<iv>.<tag>.<data>`, base64url. Keys are 32 bytes in base64. */
export function createEnvelope(keys: [string, ...string[]]): Envelope {
  const ring = keys.map((text) => {
    const key = Buffer.from(text, 'base64')
    if (key.length === 32) return { id: keyId(key), key }
    const derived = createHash('sha256').update(text).digest()
    return { id: keyId(derived), key: derived }
  })
  return {
    seal(plaintext, context) {
      const current = ring[0]
      if (!current) throw new KeyMismatch('No encryption key is configured.')
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(context))
      const data = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return [
        'v1',
        current.id,
        ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url')),
      ].join('.')
    },
    open(ciphertext, context) {
      const [version, id, iv, tag, data] = ciphertext.split('.')
      const found = ring.find((candidate) => candidate.id === id)
      if (version !== 'v1' || !found || iv === undefined || tag === undefined || data === undefined) {
        throw new KeyMismatch(
          'A stored secret was sealed under an encryption key that is not configured here.',
        )
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', found.key, Buffer.from(iv, 'base64url'))
        decipher.setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, 'base64url'))
        return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString(
          'utf8',
        )
      } catch {
        throw new KeyMismatch('A stored secret does not open under its key in this place.')
      }
    },
  }
}

const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8)

/** What is stored of a secret that only has to be recognised: its SHA-256. */
export const fingerprintOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
