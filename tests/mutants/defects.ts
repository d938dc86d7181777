import type { Defect } from './defect.ts'
import { deletions } from './deletions.ts'
import { doubles } from './doubles.ts'
import { edits } from './edits.ts'
import { forms } from './forms.ts'
import { moves } from './moves.ts'
import { policies } from './policies.ts'
import { seriesDefects } from './series.ts'
import { steps } from './steps.ts'

/** Every defect that is planted, under what it does to people. */
export const defects: Record<string, Defect[]> = {
  'Events that vanish although nobody deleted them': deletions,
  'Events that are there twice, or come back': doubles,
  'Edits that are lost, sent back, or made by nobody': edits,
  'Steps that are lost, doubled, overtaken, or never taken': steps,
  'Series that repeat wrongly, and occurrences that are lost': seriesDefects,
  'Times that shift, and words that change their form': forms,
  'Mailboxes that move, and whose events count as others': moves,
  'What enters, leaves or is stored although it should not': policies,
}
