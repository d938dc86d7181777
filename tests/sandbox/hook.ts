import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Hook {
  url: string
  received: { headers: IncomingHttpHeaders; body: string; path: string }[]
  /** The status of the answers from now on. */
  answerWith(status: number): void
  /** What validation tokens are answered with from now on, where it is not what they ask for. */
  echoWith(echo: Echo): void
  close(): Promise<void>
}

/** An answer to a validation token; nothing at all is an answer that never comes. */
export type Echo = { status?: number; type?: string; body?: string } | 'silence' | 'token'

/** A listener for web hooks; it echoes Microsoft's validation tokens. */
export async function listen(): Promise<Hook> {
  const received: Hook['received'] = []
  let status = 200
  let echo: Echo = 'token'
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const token = url.searchParams.get('validationToken')
      if (token === null)
        received.push({
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
          path: url.pathname,
        })
      if (token === null) response.writeHead(status).end()
      else if (echo !== 'silence') {
        const { status = 200, type = 'text/plain', body = token } = echo === 'token' ? {} : echo
        response.writeHead(status, { 'content-type': type }).end(body)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const { port } = isAddress(address) ? address : { port: 0 }
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answerWith: (next) => void (status = next),
    echoWith: (next) => void (echo = next),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
