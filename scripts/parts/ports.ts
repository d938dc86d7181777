import { connect, createServer } from 'node:net'

/** Raised when a port that somebody chose is taken; a default port moves on instead. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** A port nobody listens on at the moment of asking. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** The default port, or the next free one above it. */
export async function nextFreePort(preferred: number, taken: readonly number[] = []): Promise<number> {
  for (let port = preferred; port < preferred + 100; port++) {
    if (!taken.includes(port) && (await isFree(port))) return port
  }
  return freePort()
}

/** A port from the environment is a wish to be met or refused; without one the default moves on when it is busy. */
export async function choosePort(
  name: string,
  chosen: string | undefined,
  preferred: number,
  taken: readonly number[] = [],
): Promise<number> {
  if (!chosen) return nextFreePort(preferred, taken)
  const port = Number(chosen)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new PortTaken(`${name}=${chosen} is not a port: give a number from 1 to 65535.`)
  }
  if (!(await isFree(port))) {
    throw new PortTaken(
      `${name}=${port} is taken by another process. Stop that one, choose another ${name}, or leave ${name} unset and the next free port from ${preferred} on is used.`,
    )
  }
  return port
}

/** Resolves when somebody listens there, and otherwise fails with the reason in a few words. */
export function knock(host: string, port: number, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: withinMs })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('timeout', () => {
      socket.destroy()
      reject(new Error(`${host}:${port} did not answer within ${withinMs / 1000} s`))
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(whyUnreachable(host, port, error))),
    )
  })
}

function whyUnreachable(host: string, port: number, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${host}:${port}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no host ${host} is known`
    case undefined:
    default:
      return `${host}:${port} cannot be reached: ${error.message || error.code}`
  }
}
