import { checkPrimeSync, createPrivateKey, createPublicKey, sign, type JsonWebKey } from 'node:crypto'
import { createRandom, hex, type Random } from '../random.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'

/** A vendor's key for identity tokens, as it is kept. */
export interface SigningKey {
  readonly id: string
  readonly privateKey: JsonWebKey
}

const exponent = 65537n
const primeBytes = 128

/** Signs claims as the vendor (RS256, RFC 7515). */
export function signToken(world: World, vendor: Vendor, claims: Record<string, unknown>): string {
  const { id, privateKey } = keyOf(world, vendor)
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', kid: id, typ: 'JWT' })}.${part(claims)}`
  const key = createPrivateKey({ key: privateKey, format: 'jwk' })
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
}

/** The vendor's public keys (RFC 7517). */
export function publicKeys(world: World, vendor: Vendor): { keys: Record<string, unknown>[] } {
  const { id, privateKey } = keyOf(world, vendor)
  const { n, e } = createPublicKey({ key: privateKey, format: 'jwk' }).export({ format: 'jwk' })
  return { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: id, n, e }] }
}

/** Keys of this process by what they were made from, since making one takes a while. */
const made = new Map<string, SigningKey>()

/** Made when it is first needed, from the world's seed, so that the seed repeats signatures too. */
function keyOf(world: World, vendor: Vendor): SigningKey {
  const kept = world.state.signingKeys.get(vendor)
  if (kept !== undefined) return kept
  const source = `${world.seed} ${vendor} key`
  const key = made.get(source) ?? makeKey(createRandom(source))
  made.set(source, key)
  world.state.signingKeys.set(vendor, key)
  return key
}

/** A key of 2048 bits. It guards nothing here, or chance of this kind would not do. */
function makeKey(random: Random): SigningKey {
  const p = makePrime(random)
  const q = makePrime(random)
  const d = inverse(exponent, (p - 1n) * (q - 1n))
  const privateKey = {
    kty: 'RSA',
    n: encoded(p * q),
    e: encoded(exponent),
    d: encoded(d),
    p: encoded(p),
    q: encoded(q),
    dp: encoded(d % (p - 1n)),
    dq: encoded(d % (q - 1n)),
    qi: encoded(inverse(q, p)),
  }
  return { id: random.text(40, hex), privateKey }
}

function makePrime(random: Random): bigint {
  // The highest bits are set, so that a product of two has all its 2048; the lowest, since primes are odd.
  let candidate = BigInt(`0xc0${random.text(primeBytes * 2 - 2, hex)}`) | 1n
  while (candidate % exponent === 1n || !checkPrimeSync(candidate)) candidate += 2n
  return candidate
}

/** The number that multiplied with `value` leaves 1 (extended Euclid). */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [value % modulus, modulus]
  let [x, y] = [1n, 0n]
  while (a > 1n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return ((x % modulus) + modulus) % modulus
}

function encoded(value: bigint): string {
  const digits = value.toString(16)
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex').toString('base64url')
}
