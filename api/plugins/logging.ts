import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify'
import type { ApiDeps } from '../dependencies.ts'

/** Method and path only: a query may hold a state or a link's token, a header a key, a body somebody's words. */
export function loggerOptions(logger: ApiDeps['logger']): NonNullable<FastifyServerOptions['logger']> {
  if (!logger) return false
  return {
    level: logger.level,
    ...(logger.stream ? { stream: logger.stream } : {}),
    serializers: {
      req: (request) => ({ method: request.method, path: pathOf(request.url) }),
      res: (reply) => ({ status: reply.statusCode }),
      err: (error) => ({ type: error.name, message: '', stack: '' }),
    },
  }
}

const pathOf = (url: string | undefined): string => (url ?? '').split('?')[0] ?? ''

/** A failure as logs may hold it: its name and code, never its message. */
export function logFailed(
  log: FastifyBaseLogger,
  what: string,
  error: unknown,
  ids: Record<string, string> = {},
): void {
  const failure = error instanceof Error ? error : new Error('not an error')
  log.warn({ failure: failure.name, ...ids }, what)
}
