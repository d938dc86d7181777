import { createServer } from 'node:http'

/** The vendor behind a mouth of its own, which says some things differently. */
export interface RewritingVendor {
  url: string
  close(): Promise<unknown>
}

/** Passes every request on to the vendor at `origin`; `rewrite` sees each value of an answer, as `JSON.parse` tells it. */
export async function rewritingVendor(
  origin: string,
  rewrite: (value: unknown) => unknown,
): Promise<RewritingVendor> {
  const server = createServer((request, response) => {
    const pass = async () => {
      const bytes: Buffer[] = []
      for await (const part of request as AsyncIterable<Buffer>) bytes.push(part)
      const headers = new Headers()
      for (const name of ['authorization', 'content-type', 'prefer', 'if-match']) {
        const value = request.headers[name]
        if (typeof value === 'string') headers.set(name, value)
      }
      const answer = await fetch(`${origin}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers,
        ...(bytes.length > 0 && { body: Buffer.concat(bytes) }),
      })
      // Links lead back to where the answer came from, and that is here.
      const text = (await answer.text()).replaceAll(origin, vendor.url)
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(
        text === '' ? '' : JSON.stringify(JSON.parse(text, (_key, value: unknown) => rewrite(value))),
      )
    }
    void pass().catch(() => response.destroy())
  })
  const vendor: RewritingVendor = { url: '', close: async () => server.close() }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  vendor.url = `http://127.0.0.1:${address.port}`
  return vendor
}
