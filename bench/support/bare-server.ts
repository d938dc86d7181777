import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server answers that does nothing but answer: status, headers and bytes by method and target. */
export type BareAnswers = Record<string, { status: number; headers: Record<string, string>; body: string }>

const [file = ''] = process.argv.slice(2)
const kept = new Map(
  Object.entries(JSON.parse(readFileSync(file, 'utf8')) as BareAnswers).map(
    ([key, { status, headers, body }]) => [key, { status, headers, bytes: Buffer.from(body) }],
  ),
)

const server = createServer((request, response) => {
  const answer = kept.get(`${request.method ?? ''} ${request.url ?? ''}`)
  request.resume()
  request.on('end', () => {
    if (answer === undefined) return response.writeHead(404, { 'content-length': 0 }).end()
    return response.writeHead(answer.status, answer.headers).end(answer.bytes)
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.({ ready: true, url: `http://127.0.0.1:${port}` })
})
process.once('disconnect', () => process.exit(0))
