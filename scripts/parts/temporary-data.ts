import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveUp, whenOrphaned } from './command.ts'
import { clearDataDir, openDataDir } from './data-dir.ts'
import { stopParts } from './process.ts'

/** Runs a command's work with a data folder of its own; whatever it starts is stopped and removed, however it ends. */
export async function withDataDir(
  brokeOff: string,
  work: (dataDir: string) => Promise<void>,
): Promise<never> {
  const dataDir = await mkdtemp(join(tmpdir(), 'calendar-sync-'))
  openDataDir(dataDir)
  let ending: Promise<void> | null = null
  const end = () =>
    (ending ??= (async () => {
      await stopParts(() => {})
      clearDataDir(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    })())
  const interrupted = () => void end().then(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupted)
  whenOrphaned(interrupted)
  try {
    await work(dataDir)
  } catch (error) {
    // What an interrupted command stumbles over is no news.
    if (!ending) console.error(error)
    await end()
    return giveUp(new Error(brokeOff))
  }
  await end()
  process.exit()
}
