import type { Answered } from './answered.ts'
import { createApp } from './app.ts'
import { keepWorld } from './keep.ts'
import { createWorld } from './world.ts'

export interface Sandbox {
  url: string
  google: string
  microsoft: string
  control: string
  close(): Promise<void>
}

/**
 * Starts the sandbox; port 0 takes a free one, and a seed repeats the ids of an earlier run. With a state file the
 * world goes on where it was when the last sandbox with that file ended, however it ended. Tests in the same process may
 * look at every answer of the vendors by `onAnswer`.
 */
export async function startSandbox(
  options: {
    port?: number
    host?: string
    seed?: string
    stateFile?: string
    onAnswer?: (answered: Answered) => void
  } = {},
): Promise<Sandbox> {
  const world = createWorld(options.seed)
  const keeping = options.stateFile === undefined ? undefined : keepWorld(world, options.stateFile)
  const app = await createApp(world, options.onAnswer)
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  world.origin = url
  return {
    url,
    google: url,
    microsoft: url,
    control: `${url}/_sandbox`,
    close: async () => {
      world.delivery.close()
      await app.close()
      keeping?.close()
    },
  }
}
