import type { FastifyInstance } from 'fastify'

/**
 * The bytes of an answer that ends in a list: those before it, and those of the list with all that closes the answer.
 * They stay apart, since copying a list that was written before takes longer than all other work on its answer.
 */
export class AnswerBytes {
  readonly before: Buffer
  readonly list: Buffer

  constructor(before: Buffer, list: Buffer) {
    this.before = before
    this.list = list
  }

  get length(): number {
    return this.before.length + this.list.length
  }

  whole(): Buffer {
    return Buffer.concat([this.before, this.list])
  }
}

/** The bytes of an answer on its way out, for whoever has to look at them; none of one without a body. */
export function bytesOf(payload: unknown): Buffer {
  if (payload instanceof AnswerBytes) return payload.whole()
  if (Buffer.isBuffer(payload)) return payload
  return Buffer.from(typeof payload === 'string' ? payload : '')
}

/**
 * Sends both parts of an answer's bytes with one write. Fastify itself knows whole bodies and streams only. To be called
 * after whoever else looks at answers.
 */
export function sendInParts(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload: unknown, done) => {
    if (!(payload instanceof AnswerBytes)) return done(null, payload)
    // Of such an answer only the length is told, by Fastify.
    if (request.method === 'HEAD') return done(null, payload.whole())
    void reply.header('content-length', String(payload.length))
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value)
    // Without a word that this hook is done, Fastify sends nothing itself.
    raw.writeHead(reply.statusCode)
    raw.write(payload.before)
    raw.end(payload.list)
  })
}
