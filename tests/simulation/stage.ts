import { startSandbox } from '../../sandbox/server.ts'
import { nudger } from '../../worker/nudge.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { worldOn, type World } from '../support/world.ts'
import { chanceOf, uuidFrom } from './chance.ts'
import { openHook } from './hook.ts'
import { openWire, type Wire } from './wire.ts'

/** When every history begins. */
export const beginning = Date.parse('2026-03-02T08:00:00Z')

/** A database for many histories, one after the other. */
export interface Stage {
  database: TestDatabase
  close(): Promise<void>
}

/** What a power cut would lose need not reach the disk. `server`: a PostgreSQL superuser's URL; without it, the run's own. */
export async function openStage(server?: string): Promise<Stage> {
  const database = await testDatabase(server)
  const [here] = await database.owner<{ name: string }[]>`select current_database() as name`
  await database.owner.unsafe(`alter database ${here?.name} set synchronous_commit = off`)
  return { database, close: () => database.close() }
}

/** A world in which the vendors are heard: their messages arrive at the product's web hooks, and go on over the wire. */
export interface StagedWorld extends World {
  wire: Wire
}

/** An empty world whose time stands still until it is moved, and whose ids come from the seed. */
export async function openWorld({ database }: Stage, seed: number): Promise<StagedWorld> {
  await clear(database)
  const chance = chanceOf(seed)
  const sandbox = await startSandbox({ port: 0, seed: String(seed), now: beginning, frozen: true })
  const wire = openWire()
  const time = {
    now: () => new Date(sandbox.clock.now()),
    pause: (ms: number) => sandbox.clock.advance(ms),
    newId: () => uuidFrom(chance),
  }
  const hook = await openHook({ database, temporal: wire.client, patienceMs: 0, ...time })
  const nudge = nudger(wire.client, database)
  const world = worldOn(database, sandbox, { ...time, nudge, publicUrl: hook.url })
  return {
    ...world,
    wire,
    async close() {
      await Promise.all([world.close(), hook.close()])
    },
  }
}

async function clear({ owner }: TestDatabase): Promise<void> {
  const tables = await owner<{ name: string }[]>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by tablename`
  await owner.unsafe(tables.map(({ name }) => `delete from ${name}`).join(';'))
}
