import type { Vendor } from './event.ts'

/** Calls a minute that a vendor permits an OAuth client in all, and for one account. */
export type VendorLimits = Record<Vendor, { project: number; account: number }>

/**
 * Google: projects made since 2021 (https://developers.google.com/workspace/calendar/api/guides/quota); a patch counts as three.
 * Graph: 10,000 in ten minutes for an app and a mailbox, and 2,000 a second for an app (https://learn.microsoft.com/graph/throttling-limits).
 */
export const documentedLimits: VendorLimits = {
  google: { project: 10_000, account: 600 },
  microsoft: { project: 120_000, account: 1_000 },
}
