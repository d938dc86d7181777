import { defineSearchAttributeKey } from '@temporalio/common'

/** Names that other processes and people use to find our workflows. */
export const taskQueues = { workflows: 'calendar-sync', google: 'google', microsoft: 'microsoft' } as const

export const calendarProviderId = (providerId: string): string => `provider/${providerId}`
export const syncRunId = (providerId: string, number: number): string => `sync-run/${providerId}/${number}`
/** One preview of a provider under one wish at a time: whoever asks meanwhile gets that one. */
export const previewId = (providerId: string, wish: string): string => `preview/${providerId}/${wish}`
export const deliverEventsId = (endpointId: string): string => `deliver-events/${endpointId}`

export const maintenanceId = 'calendar-webhook-maintenance'

export const searchAttributes = {
  tenantId: defineSearchAttributeKey('TenantId', 'KEYWORD'),
  providerId: defineSearchAttributeKey('ProviderId', 'KEYWORD'),
  vendor: defineSearchAttributeKey('Vendor', 'KEYWORD'),
  phase: defineSearchAttributeKey('Phase', 'KEYWORD'),
  trigger: defineSearchAttributeKey('Trigger', 'KEYWORD'),
  outcome: defineSearchAttributeKey('Outcome', 'KEYWORD'),
}
