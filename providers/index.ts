import type { Vendor } from '../domain/event.ts'
import { googleCalendar } from './google/index.ts'
import { microsoftCalendar } from './microsoft/index.ts'
import type { AdapterOptions, CalendarProvider } from './port.ts'

/** The adapter of a vendor. */
export function calendarOf(vendor: Vendor, options: AdapterOptions): CalendarProvider {
  switch (vendor) {
    case 'google':
      return googleCalendar(options)
    case 'microsoft':
      return microsoftCalendar(options)
  }
}
