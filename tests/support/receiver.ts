import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll } from 'vitest'

export interface ReceivedEvent {
  id: string
  type: string
  timestamp: string
  position: number
  data: { subjectId: string } & Record<string, unknown>
}

export interface ReceivedCall {
  headers: IncomingHttpHeaders
  body: string
  event: ReceivedEvent
}

/** What the receiver does with a call: a status, a redirect to elsewhere, or nothing at all. */
export type Behaviour = (call: ReceivedCall) => number | { redirect: string } | 'silence'

export interface Receiver {
  url: string
  calls: ReceivedCall[]
  /** From now on. */
  behave(next: Behaviour): void
  close(): Promise<void>
}

/** An application's server, on loopback, that is told of events. It takes all of them until told otherwise. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const calls: ReceivedCall[] = []
  let behaviour: Behaviour = () => 204
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const call = { headers: request.headers, body, event: JSON.parse(body) as ReceivedEvent }
      calls.push(call)
      const answer = behaviour(call)
      if (answer === 'silence') return
      if (typeof answer === 'number') response.writeHead(answer).end()
      else response.writeHead(307, { location: answer.redirect }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}/hooks`,
    calls,
    behave: (next) => void (behaviour = next),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** The event, if the secret signed it; throws as an application's own check does. */
export const verified = (secret: string, { body, headers }: ReceivedCall): unknown =>
  new Webhook(secret).verify(
    body,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  )

/** A receiver for the tests of a file, closed after them. */
export async function receiverForTests(): Promise<Receiver> {
  const receiver = await startReceiver()
  afterAll(() => receiver.close())
  return receiver
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
