export { calendarProvider } from './calendar-provider.ts'
export { syncRun } from './sync-run.ts'
