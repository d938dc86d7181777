import type { FastifyInstance } from 'fastify'
import type { Account } from '../accounts.ts'
import { isObject, textOf, type JsonObject } from '../json.ts'
import { callAsOwner, callHere, type OwnCall } from '../own-calls.ts'
import type { World } from '../world.ts'

/** What a vendor, or the control API, answered instead of doing what it was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** The vendor's word for it: a reason of Google's, a code of Graph's; empty from the control API. */
  readonly code: string
  /** The answer's body as it came. */
  readonly body: string

  constructor(status: number, body: string) {
    const error = errorIn(body)
    super(error.message)
    this.status = status
    this.code = error.code
    this.body = body
  }
}

/** How the pages ask: everything they show and do goes through the addresses that apps and tests use too. */
export interface Ask {
  /** Asks the vendor as the account's owner; T is the vendor's published type of the answer. */
  vendor<T>(account: Pick<Account, 'vendor' | 'email'>, call: OwnCall): Promise<T>
  /** The vendor's answer as it is, a refusal as well. */
  plainly(
    account: Pick<Account, 'vendor' | 'email'>,
    call: OwnCall,
  ): Promise<{ status: number; text: string; etag: string }>
  /** Asks the control API; `path` begins after `/_sandbox/`. */
  control(method: OwnCall['method'], path: string, body?: object): Promise<JsonObject>
}

export function createAsk(app: FastifyInstance, world: World): Ask {
  return {
    async vendor(account, call) {
      const { status, text } = await callAsOwner(app, world, account, call)
      if (status >= 400) throw new Refusal(status, text)
      return text === '' ? {} : JSON.parse(text)
    },
    async plainly(account, call) {
      const { status, text, headers } = await callAsOwner(app, world, account, call)
      return { status, text, etag: textOf(headers['etag']) ?? '' }
    },
    async control(method, path, body) {
      const call = { method, path: `/_sandbox/${path}`, ...(body === undefined ? {} : { body }) }
      const { status, text } = await callHere(app, call)
      if (status >= 400) throw new Refusal(status, text)
      const answer: unknown = text === '' ? {} : JSON.parse(text)
      return isObject(answer) ? answer : {}
    },
  }
}

/** The message and the code of an error, in whichever of the shapes it came. */
function errorIn(body: string): { message: string; code: string } {
  const error = parsed(body)['error']
  if (!isObject(error)) return { message: textOf(error) ?? body, code: '' }
  const [first]: unknown[] = Array.isArray(error['errors']) ? error['errors'] : []
  const code = textOf(isObject(first) ? first['reason'] : error['code']) ?? ''
  return { message: textOf(error['message']) ?? body, code }
}

function parsed(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
