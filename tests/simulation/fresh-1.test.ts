import { playFreshHistories } from './fresh.ts'

playFreshHistories(1)
