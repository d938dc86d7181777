import type { Answer, Json } from './played.ts'

export const batchHeaders = { 'content-type': 'multipart/mixed; boundary=the-boundary' }

export type Part = [method: string, url: string, body?: Json | undefined, headers?: Record<string, string>]

/** The body of a batch of Google's; its parts are called `<part-1>` and so on. */
export function batchOf(parts: Part[]): string {
  const written = parts.map(([method, url, body, headers = {}], index) => {
    const lines = Object.entries({
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`)
    return [
      '--the-boundary',
      'Content-Type: application/http',
      `Content-ID: <part-${index + 1}>`,
      '',
      `${method} ${url}`,
      ...lines,
      '',
      body === undefined ? '' : JSON.stringify(body),
    ].join('\r\n')
  })
  return `${written.join('\r\n')}\r\n--the-boundary--`
}

export interface BatchAnswer {
  contentId: string | undefined
  status: number
  head: string
  body: Json
}

/** The parts of an answer to a batch, as they stand. */
export function partsOf({ headers, body }: Answer): BatchAnswer[] {
  const boundary = /boundary=(\S+)$/.exec(headers.get('content-type') ?? '')?.[1] ?? ''
  const texts = String(body['text']).split(`--${boundary}`).slice(1, -1)
  return texts.map((text) => {
    const [outer = '', head = '', ...rest] = text.trim().split('\r\n\r\n')
    return {
      contentId: /^Content-ID: (.*)$/m.exec(outer)?.[1]?.trim(),
      status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
      head,
      body: parse(rest.join('\r\n\r\n')),
    }
  })
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return { text }
  }
}
