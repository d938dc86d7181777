import { playFreshHistories } from './fresh.ts'

playFreshHistories(4)
