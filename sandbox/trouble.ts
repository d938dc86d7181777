import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { bytesOf } from './answer-bytes.ts'
import type { AnswerTrouble, Fault } from './faults.ts'
import { googleFault } from './google/fault.ts'
import { graphFault } from './microsoft/fault.ts'
import { isSignIn, signInFault } from './oauth/fault.ts'
import type { RequestRecord, World } from './world.ts'

export type Spoiling = AnswerTrouble | { readonly kind: 'lateAnswer'; readonly ms: number }

/** A failure of what stands before the vendor: a page instead of an error in the vendor's shape. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly status: number

  constructor(status: number) {
    super('A gateway was told to fail.')
    this.status = status
  }
}

/** Lets the faults strike that are meant for a request, and notes what is to befall its answer. */
export async function befallRequest(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  noted: RequestRecord,
): Promise<FastifyReply | undefined> {
  const faults = world.faults.strike(
    ['latency', 'reset', 'error', 'responseLost', 'truncatedBody', 'slowBody'],
    noted,
  )
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        if (fault.when === 'after') request.spoiling = { kind: 'lateAnswer', ms: fault.ms }
        else await world.clock.wait(fault.ms)
        break
      case 'responseLost':
      case 'truncatedBody':
      case 'slowBody':
        request.spoiling = fault
        break
      case 'reset':
        reply.hijack()
        await breakOff(reply)
        return reply
      case 'error':
        if (fault.retryAfter !== undefined) void reply.header('retry-after', String(fault.retryAfter))
        throw faultError(world, request, noted, fault)
    }
  }
  return undefined
}

function faultError(
  world: World,
  request: FastifyRequest,
  noted: RequestRecord,
  fault: Fault<'error'>,
): Error {
  const { vendor, path } = noted
  const { status = 500, code, message, form } = fault
  if (form === 'html') return new GatewayError(status)
  if (isSignIn(path)) return signInFault(world, vendor, request, fault)
  return vendor === 'google'
    ? googleFault(status, code, message, form)
    : graphFault(world, noted, status, code, message)
}

/** Gives back what is left of an answer whose work is done. */
export async function befallAnswer(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const { spoiling } = request
  switch (spoiling?.kind) {
    case undefined:
      return payload
    case 'lateAnswer':
      await world.clock.wait(spoiling.ms)
      return payload
    case 'responseLost':
      await breakOff(reply)
      return payload
    case 'truncatedBody': {
      const bytes = bytesOf(payload)
      const left = bytes.subarray(0, Math.floor(bytes.length / 2))
      if (spoiling.cut === 'json') {
        void reply.removeHeader('content-length')
        return left
      }
      void reply.header('content-length', bytes.length)
      return Readable.from(brokenOff(left))
    }
    case 'slowBody': {
      const bytes = bytesOf(payload)
      void reply.header('content-length', bytes.length)
      return Readable.from(trickling(world, bytes, spoiling.ms))
    }
  }
}

/** Ends the connection of an answer; one within a batch has none, and whoever waits for it learns that none will come. */
async function breakOff(reply: FastifyReply): Promise<void> {
  reply.raw.destroy()
  await new Promise((resolve) => setImmediate(resolve))
}

async function* brokenOff(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
  // What was written must be on its way before the connection ends under it.
  await new Promise((resolve) => setImmediate(resolve))
  throw new Error('The answer was told to break off.')
}

const trickles = 10

async function* trickling(world: World, bytes: Buffer, ms: number): AsyncGenerator<Buffer> {
  const size = Math.max(Math.ceil(bytes.length / trickles), 1)
  for (let start = 0; start < bytes.length; start += size) {
    await world.clock.wait(ms / trickles)
    yield bytes.subarray(start, start + size)
  }
}
