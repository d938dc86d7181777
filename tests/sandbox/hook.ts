import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Hook {
  url: string
  received: { headers: IncomingHttpHeaders; body: string; path: string }[]
  /** The status of the answers from now on. */
  answerWith(status: number): void
  close(): Promise<void>
}

/** A listener for web hooks; it echoes Microsoft's validation tokens. */
export async function listen(): Promise<Hook> {
  const received: Hook['received'] = []
  let status = 200
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
      response.writeHead(token === null ? status : 200, { 'content-type': 'text/plain' }).end(token ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const { port } = isAddress(address) ? address : { port: 0 }
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answerWith: (next) => void (status = next),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
