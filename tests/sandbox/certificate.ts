import { generateKeyPairSync, sign } from 'node:crypto'
import type { Certificate } from '../../sandbox/app.ts'

/** A certificate for this machine, signed by itself and good for a day: https://datatracker.ietf.org/doc/html/rfc5280#section-4.1 */
export function ownCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(identifier(2, 5, 4, 3), element(0x0c, Buffer.from('sandbox')))))
  const facts = sequence(
    element(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    sequence(utcTime(Date.now() - 60_000), utcTime(Date.now() + 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(isAuthority, isThisMachine)),
  )
  const certificate = sequence(facts, ecdsaWithSha256, bits(sign('sha256', facts, privateKey)))
  const lines = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => element(0x30, ...parts)
const set = (...parts: Buffer[]): Buffer => element(0x31, ...parts)
const octets = (content: Buffer): Buffer => element(0x04, content)
const bits = (content: Buffer): Buffer => element(0x03, Buffer.from([0]), content)
const yes = element(0x01, Buffer.from([0xff]))

const integer = (value: number): Buffer => element(0x02, Buffer.from([value]))

/** An object identifier; the first two numbers share a byte, and larger ones take seven bits a byte. */
function identifier(first: number, second: number, ...rest: number[]): Buffer {
  const bytes = rest.flatMap((value) => {
    const groups = [value & 0x7f]
    for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return element(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

function utcTime(instantMs: number): Buffer {
  const digits = new Date(instantMs).toISOString().replaceAll(/\D/g, '')
  return element(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}

const ecdsaWithSha256 = sequence(identifier(1, 2, 840, 10_045, 4, 3, 2))
const isAuthority = sequence(identifier(2, 5, 29, 19), yes, octets(sequence(yes)))
const isThisMachine = sequence(
  identifier(2, 5, 29, 17),
  octets(sequence(element(0x82, Buffer.from('localhost')), element(0x87, Buffer.from([127, 0, 0, 1])))),
)
