import { afterAll, afterEach, beforeAll } from 'vitest'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server.ts'
import { complaintsAbout } from './conformance.ts'

export type Json = Record<string, unknown>

export interface Answer {
  status: number
  headers: Headers
  body: Json
}

/** A started sandbox with a caller for each of its interfaces. */
export interface Played {
  sandbox: Sandbox
  control(method: string, path: string, body?: unknown): Promise<Answer>
  /** Makes an account and returns a caller that carries its token. */
  account(vendor: 'google' | 'microsoft', email: string, more?: Json): Promise<Call>
  close(): Promise<void>
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

/** What was wrong with answers since the last test, by the vendors' own types. */
const complaints: string[] = []

afterEach(() => {
  const found = complaints.splice(0)
  if (found.length > 0) throw new Error(`Answers that no vendor gives:\n${found.join('\n')}`)
})

/** A sandbox whose every answer is held against the vendors' types, whichever client asked. */
export async function play(options: SandboxOptions = {}): Promise<Played> {
  const sandbox = await startSandbox({
    seed: 'tests',
    ...options,
    onAnswer: (answered) => complaints.push(...complaintsAbout(answered)),
  })
  return playOn(sandbox)
}

/** The same for all tests of a file: there before the first of them and gone after the last. */
export function playHere(options: SandboxOptions = {}): Played {
  let started: Played | undefined
  const there = (): Played => {
    if (started === undefined) throw new Error('The sandbox starts with the first test.')
    return started
  }
  beforeAll(async () => {
    started = await play(options)
  })
  afterAll(() => there().close())
  return {
    get sandbox() {
      return there().sandbox
    },
    control: (...call) => there().control(...call),
    account: (...call) => there().account(...call),
    close: () => there().close(),
  }
}

export function playOn(sandbox: Sandbox): Played {
  const control: Played['control'] = (method, path, body) =>
    send(`${sandbox.control}/${path}`, method, body, {})
  return {
    sandbox,
    control,
    async account(vendor, email, more = {}) {
      await control('POST', 'accounts', { vendor, email, ...more })
      const { body } = await control('POST', `accounts/${email}/token?vendor=${vendor}`)
      const authorization = `Bearer ${String(body['access_token'])}`
      return (method, path, sent, headers = {}) => {
        const url = path.startsWith('http') ? path : `${sandbox.url}${path}`
        return send(url, method, sent, { authorization, ...headers })
      }
    },
    close: () => sandbox.close(),
  }
}

export async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const isText = typeof body === 'string'
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': isText ? 'text/calendar' : 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: parse(text) }
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? object(value) : { text }
  } catch {
    return { text }
  }
}

export function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : []
}

/** The reason in an error of Google's. */
export function reasonOf(answer: Answer): unknown {
  return list(object(answer.body['error'])['errors'])[0]?.['reason']
}

/** The code in an error of Graph's. */
export function codeOf(answer: Answer): unknown {
  return object(answer.body['error'])['code']
}

export function timed(title: string, hour: number): Json {
  const at = (h: number): Json => ({ dateTime: `2026-03-05T${String(h).padStart(2, '0')}:00:00+01:00` })
  return { summary: title, start: at(hour), end: at(hour + 1) }
}

export function meeting(title: string, hour: number, more: Json = {}): Json {
  const at = (h: number): Json => ({
    dateTime: `2026-03-05T${String(h).padStart(2, '0')}:00:00`,
    timeZone: 'Europe/Berlin',
  })
  return { subject: title, start: at(hour), end: at(hour + 1), ...more }
}

/** Waits until a condition holds; web hooks arrive when they arrive. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
