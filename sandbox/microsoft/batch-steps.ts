import { isObject, textOf } from '../json.ts'
import { GraphError } from './errors.ts'

const stepsMax = 20
export interface Step {
  id: string
  method: string
  /** Below the version, such as /me/events. */
  url: string
  headers: Record<string, string>
  body: unknown
  dependsOn: readonly string[]
}

/** Reads a batch, or says what is wrong with all of it: https://learn.microsoft.com/graph/json-batching */
export function readSteps(body: unknown, allowsSharedDependency: boolean): Step[] {
  const requests = isObject(body) ? body['requests'] : undefined
  if (!Array.isArray(requests) || requests.length === 0) throw malformed('Invalid batch payload format.')
  if (requests.length > stepsMax)
    throw malformed(`Number of batch request steps exceeds the maximum value of ${stepsMax}.`)
  const steps = requests.map(readStep)
  checkIds(steps)
  checkOrder(steps, allowsSharedDependency)
  return steps
}

function readStep(sent: unknown): Step {
  if (!isObject(sent)) throw malformed('Invalid batch payload format.')
  const { id, method, url, body } = sent
  const dependsOn = sent['dependsOn'] ?? []
  const isFormed =
    typeof id === 'string' &&
    id !== '' &&
    typeof method === 'string' &&
    /^(GET|POST|PATCH|PUT|DELETE)$/i.test(method) &&
    typeof url === 'string' &&
    url !== '' &&
    Array.isArray(dependsOn) &&
    dependsOn.every((one) => typeof one === 'string')
  if (!isFormed) throw malformed('Invalid batch payload format.')
  const headers = headersOf(sent['headers'])
  const isWrite = /^(POST|PATCH|PUT)$/i.test(method)
  if (isWrite && (body === undefined || headers['content-type'] === undefined))
    throw malformed(`Write request id : ${id} does not contain Content-Type header or body.`)
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(url))
    throw malformed(`Request Id ${id} has to have a url relative to the version.`)
  // An address that climbs out of the version's is none of Graph's.
  const { pathname } = new URL(`/v1.0/${url.replace(/^\/+/, '')}`, 'https://graph.microsoft.com')
  if (!pathname.startsWith('/v1.0/')) throw malformed('Invalid batch payload format.')
  if (/^\/?\$batch(?:[/?]|$)/i.test(url)) throw malformed(`Request Id ${id} must not be a batch itself.`)
  return { id, method: method.toUpperCase(), url: url.replace(/^\/?/, '/'), headers, body, dependsOn }
}

/** Who asks, and how long what is sent, is said by the batch. */
const notTheirs = /^(authorization|host|connection|content-length|transfer-encoding|expect|upgrade)$/

function headersOf(sent: unknown): Record<string, string> {
  if (sent === undefined || sent === null) return {}
  if (!isObject(sent)) throw malformed('Invalid batch payload format.')
  const headers = Object.entries(sent).map(([name, value]): [string, string] => {
    const text = textOf(value)
    if (text === undefined || !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(text))
      throw malformed('Invalid batch payload format.')
    return [name.toLowerCase(), text]
  })
  return Object.fromEntries(headers.filter(([name]) => !notTheirs.test(name)))
}

/** Graph compares the ids of a batch without regard to case, though those of Outlook's items may differ in nothing else. */
function checkIds(steps: Step[]): void {
  const seen = new Set<string>()
  for (const { id } of steps) {
    if (seen.has(id.toLowerCase())) throw malformed(`Request Id ${id} has to be unique in a batch.`)
    seen.add(id.toLowerCase())
  }
}

function checkOrder(steps: Step[], allowsSharedDependency: boolean): void {
  const earlier = new Set<string>()
  for (const { id, dependsOn } of steps) {
    if (!dependsOn.every((one) => earlier.has(one.toLowerCase())))
      throw malformed(`Invalid dependency for request Id ${id}.`)
    earlier.add(id.toLowerCase())
  }
  if (isParallel(steps) || isSerial(steps) || (allowsSharedDependency && isShared(steps))) return
  throw malformed('Batch should be either fully sequential or fully parallel.')
}

export function isParallel(steps: Step[]): boolean {
  return steps.every(({ dependsOn }) => dependsOn.length === 0)
}

function isSerial(steps: Step[]): boolean {
  return steps.every(({ dependsOn }, index) =>
    index === 0
      ? dependsOn.length === 0
      : dependsOn.length === 1 && sameId(dependsOn[0] ?? '', steps[index - 1]?.id ?? ''),
  )
}

function isShared(steps: Step[]): boolean {
  const named = new Set(steps.flatMap(({ dependsOn }) => dependsOn.map((id) => id.toLowerCase())))
  return named.size === 1 && steps.every(({ dependsOn }) => dependsOn.length <= 1)
}

export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function malformed(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message)
}
