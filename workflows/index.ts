export { calendarProvider } from './calendar-provider.ts'
export { previewProvider } from './preview-provider.ts'
export { syncRun } from './sync-run.ts'
export { webhookMaintenance } from './webhook-maintenance.ts'
