import { connect, type Socket } from 'node:net'

/** One HTTP request, again and again on one connection. */
export interface Repeated {
  method: string
  /** Path and query. */
  target: string
  token: string
  headers?: Record<string, string>
  body?: string
}

export interface Load {
  answers: number
  tookMs: number
  /** Answers that were not 2xx; a measurement with any of them measured something else. */
  failed: number
}

/**
 * Sends each of the requests on a connection of its own, the next as soon as the last was answered, for so long. It reads
 * no more of an answer than its length, so that it costs little beside the server that is measured.
 */
export async function load(url: string, requests: readonly Repeated[], durationMs: number): Promise<Load> {
  const beganMs = performance.now()
  const deadlineMs = beganMs + durationMs
  const ended = await Promise.all(requests.map((request) => repeat(new URL(url), request, deadlineMs)))
  return {
    answers: ended.reduce((sum, { answers }) => sum + answers, 0),
    failed: ended.reduce((sum, { failed }) => sum + failed, 0),
    tookMs: performance.now() - beganMs,
  }
}

function repeat(
  url: URL,
  request: Repeated,
  deadlineMs: number,
): Promise<{ answers: number; failed: number }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname)
    const bytes = bytesOf(url, request)
    let answers = 0
    let failed = 0
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('connect', () => socket.write(bytes))
    eachAnswer(socket, (status) => {
      answers += 1
      if (status < 200 || status > 299) failed += 1
      if (performance.now() < deadlineMs) return void socket.write(bytes)
      socket.destroy()
      resolve({ answers, failed })
    })
  })
}

function bytesOf(url: URL, { method, target, token, headers = {}, body }: Repeated): Buffer {
  const content = body === undefined ? Buffer.alloc(0) : Buffer.from(body)
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: ${url.host}`,
    `authorization: Bearer ${token}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${content.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content])
}

const headEnd = Buffer.from('\r\n\r\n')

function eachAnswer(socket: Socket, told: (status: number) => void): void {
  let head: Buffer | null = null
  let status = 0
  let left = 0
  socket.on('data', (chunk: Buffer) => {
    if (left === 0) {
      head = head === null ? chunk : Buffer.concat([head, chunk])
      const end = head.indexOf(headEnd)
      if (end < 0) return
      const text = head.toString('latin1', 0, end)
      status = Number(text.slice(9, 12))
      const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
      if (length === undefined && status !== 204) throw new Error(`An answer without a length: ${text}`)
      left = Number(length ?? 0) - (head.length - end - headEnd.length)
      head = null
    } else left -= chunk.length
    if (left === 0) told(status)
  })
}
