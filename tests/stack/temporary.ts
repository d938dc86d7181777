import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is gone after the test. Stop what runs in it before: what is registered later is undone first. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-sync-stack-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
