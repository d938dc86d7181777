import { recurrenceLaws } from '../support/recurrence-laws.ts'

recurrenceLaws(100)
