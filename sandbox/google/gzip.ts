import type { FastifyInstance } from 'fastify'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { AnswerBytes, bytesOf } from '../answer-bytes.ts'
import { vendorOf } from '../traffic.ts'

const compress = promisify(gzip)
/** Less than this would only grow. */
const bytesMin = 150

/**
 * Answers in gzip whoever accepts it and has the word in the name of the program too, as Google asks for
 * (https://developers.google.com/workspace/calendar/api/guides/performance). To be called after whoever reads answers.
 */
export function compressGoogleAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { 'accept-encoding': accepted, 'user-agent': program } = request.headers
    const isAsked = /\bgzip\b/i.test(accepted ?? '') && /gzip/i.test(program ?? '')
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload) || payload instanceof AnswerBytes
    if (!isAsked || !isWhole || payload.length < bytesMin) return payload
    if (vendorOf(request.url.split('?')[0] ?? '') !== 'google') return payload
    void reply
      .header('content-encoding', 'gzip')
      .header('vary', 'Accept-Encoding')
      .removeHeader('content-length')
    return compress(bytesOf(payload), { level: 1 })
  })
}
