import { Client, ResponseType } from '@microsoft/microsoft-graph-client'
import { lostAnswer, withToken } from '../call.ts'
import type { AdapterOptions } from '../port.ts'
import { CursorExpired } from '../errors.ts'
import { graphError } from './errors.ts'

/** Asked on every call: ids that survive a move, times in UTC, bodies as text. */
const preferences = ['IdType="ImmutableId"', 'outlook.timezone="UTC"', 'outlook.body-content-type="text"']

export interface GraphRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/v1.0`, or a whole link that Graph gave us. */
  path: string
  body?: object
  headers?: Record<string, string>
  prefer?: string
}

/**
 * The official SDK with one middleware of our own: the SDK attaches tokens only to https hosts it knows, and its retry,
 * redirect and telemetry handlers would repeat writes behind our back.
 */
export function graphClient(options: AdapterOptions) {
  // Links that Graph gave us are followed to the letter; the SDK would take them apart and put them together again.
  const clientFor = (link: string | undefined) =>
    Client.initWithMiddleware({
      baseUrl: `${options.endpoints.api}/`,
      defaultVersion: 'v1.0',
      middleware: {
        async execute(context) {
          context.response = await fetch(link ?? context.request, {
            ...context.options,
            signal: AbortSignal.timeout(options.timeoutMs),
          })
        },
      },
    })

  return async function send<T>(request: GraphRequest): Promise<T> {
    const link = URL.canParse(request.path) ? request.path : undefined
    if (link && new URL(link).origin !== new URL(options.endpoints.api).origin) {
      // The token goes to the configured host only; a link to another one belongs to another place.
      throw new CursorExpired('foreign-link', 'Microsoft: the stored link leads to another host.')
    }
    return withToken(options, async (token) => {
      const call = clientFor(link)
        .api(link ? '/me' : request.path)
        .responseType(ResponseType.RAW)
        .headers({
          authorization: `Bearer ${token}`,
          prefer: [...preferences, ...(request.prefer ? [request.prefer] : [])].join(', '),
          'client-request-id': crypto.randomUUID(),
          ...(request.body ? { 'content-type': 'application/json' } : {}),
          ...request.headers,
        })
      const response = await answer(() => {
        switch (request.method) {
          case 'GET':
            return call.get()
          case 'POST':
            return call.post(request.body)
          case 'PATCH':
            return call.patch(request.body)
          case 'DELETE':
            return call.delete()
        }
      })
      const text = await response.text().catch((error: unknown) => {
        throw lostAnswer(error)
      })
      if (!response.ok) throw graphError(response.status, parse(text), response.headers)
      return parse(text) as T
    })
  }
}

async function answer(request: () => Promise<Response>): Promise<Response> {
  try {
    return await request()
  } catch (error) {
    throw lostAnswer(error)
  }
}

function parse(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
