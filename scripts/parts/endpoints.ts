import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from './sandbox.ts'

/** What runs where, as `.data/endpoints.json` tells it to other tools. */
export interface Endpoints {
  console: string
  api: string
  apiDocs: string
  apiKey: string | null
  temporal: { address: string; namespace: string; ui: string | null }
  database: string
  sandbox: Sandbox
  pid: number
}

const fileName = 'endpoints.json'

/** The file holds a key and the database's password, so only its owner reads it; it appears whole. */
export function writeEndpoints(dataDir: string, endpoints: Endpoints): string {
  const file = join(dataDir, fileName)
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return file
}

export function removeEndpoints(dataDir: string): void {
  rmSync(join(dataDir, fileName), { force: true })
}

/** Two columns, ruled off from what was printed before. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}   ${value}`)
  const rule = '─'.repeat(Math.min(100, Math.max(...lines.map((line) => line.length)) + 2))
  return [rule, ...lines, rule].join('\n')
}
