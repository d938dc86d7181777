import { createApp } from './app.ts'
import { createWorld } from './world.ts'

export interface Sandbox {
  url: string
  google: string
  microsoft: string
  control: string
  close(): Promise<void>
}

/** Starts the sandbox; port 0 takes a free one, and a seed repeats the ids of an earlier run. */
export async function startSandbox(
  options: { port?: number; host?: string; seed?: string } = {},
): Promise<Sandbox> {
  const world = createWorld(options.seed)
  const app = await createApp(world)
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
    },
  }
}
