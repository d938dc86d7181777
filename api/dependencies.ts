import type { Client } from '@temporalio/client'
import type { Database } from '../db/connection.ts'
import type { Envelope } from '../db/envelope.ts'
import type { VendorEndpoints } from '../db/oauth-clients.ts'
import type { Vendor } from '../domain/event.ts'
import type { VendorLimits } from '../domain/vendor-limits.ts'

/** The settings the API reads; the process's configuration holds them all. */
export interface ApiConfig {
  publicUrl: string
  operatorKey: string | null
  sandboxUrl: string | null
  vendorUrls: Record<Vendor, VendorEndpoints>
  vendorLimits: VendorLimits
  pollEveryMs: number
  maintenanceEveryMs: number
  webhookNetworks: string[]
}

/** Everything a route may touch. Time and chance come in, so a test decides both. */
export interface ApiDeps {
  database: Database
  envelope: Envelope
  temporal: Client
  config: ApiConfig
  now(): Date
  pause(ms: number): Promise<void>
  newId(): string
  /** How long a person waits until a provider's workflow follows what they asked for, in ms; after that it follows by itself. */
  patienceMs: number
  /** Where log lines go; nowhere when absent. */
  logger?: { level: string; stream?: { write(line: string): void } }
}
