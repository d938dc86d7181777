import { join } from 'node:path'
import { isAlive } from '../parts/alive.ts'
import { readJson } from '../parts/data-dir.ts'
import type { Endpoints } from '../parts/endpoints.ts'

/** Raised when there is no running product to show. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning'
}

export type RunningProduct = Endpoints & { apiKey: string }

/** What `npm start` wrote down about the product that runs in this data folder. */
export function runningProduct(dataDir: string): RunningProduct {
  const endpoints = readJson(join(dataDir, 'endpoints.json')) as Endpoints | null
  if (!endpoints || !isAlive(endpoints.pid)) {
    throw new NotRunning(
      `Nothing runs in ${dataDir}: start the product with "npm start" in another terminal, then run this again.`,
    )
  }
  const { apiKey } = endpoints
  if (!apiKey) throw new NotRunning('The running product has no demo tenant, so there is nothing to show.')
  return { ...endpoints, apiKey }
}
