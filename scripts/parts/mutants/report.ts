import type { Defect } from '../../../tests/mutants/defect.ts'
import { isNoticed, type Tried } from './try-defects.ts'
import type { Caught } from './verdict.ts'

/** One line for a terminal. */
export function lineOf(tried: Tried): string {
  const { defect, tookMs } = tried
  const seconds = `${(tookMs / 1000).toFixed(0)} s`
  if (isNoticed(tried)) {
    const [first] = tried.verdict.caught
    return `✓ ${defect.name}\n    ${first ? noticedBy(first) : ''} (${seconds})`
  }
  const asleep = tried.asleep.map((guard) => `    not noticed by: ${Object.values(guard).join(' ')}`)
  const crashed = tried.verdict.crashed.map((crash) => `    crashed: ${crash}`)
  return [`✗ ${defect.name} (${seconds})`, ...asleep, ...crashed].join('\n')
}

/** The rule, or the test by its name; what it said where that tells more than the name. */
export function noticedBy({ file, test, how, words }: Caught): string {
  switch (how) {
    case 'rule':
      return `rule of the histories: ${words}`
    case 'law':
      return `law: ${test} (${file})`
    case 'refusal':
      return `${test} (${file}): ${words}`
    case 'constraint':
      return `${test} (${file}): the database’s ${words}`
    case 'expectation':
      return `${test} (${file})`
  }
}

/** The table for people: which defect was noticed by what. */
export function tableOf(sections: Record<string, Defect[]>, all: Tried[]): string {
  const found = new Map(all.map((tried) => [tried.defect.name, tried]))
  return Object.entries(sections)
    .flatMap(([title, defects]) => {
      const rows = defects.flatMap((defect) => {
        const tried = found.get(defect.name)
        return tried ? [`| ${cell(defect.name)} | ${noticed(tried).map(cell).join('<br>')} |`] : []
      })
      if (rows.length === 0) return []
      return [`## ${title}`, '', '| planted | noticed by |', '|---|---|', ...rows].join('\n')
    })
    .join('\n\n')
}

/** One noticing for each guard is enough to read. */
function noticed({ verdict, asleep }: Tried): string[] {
  if (verdict.caught.length === 0 || asleep.length > 0) return ['**nothing**']
  const byWords = new Map(
    verdict.caught.map((caught) => [`${caught.file} ${lastWords(caught.test)}`, caught]),
  )
  return [...byWords.values()].map(noticedBy)
}

/** The same fact with one vendor and with the other reads the same but for its beginning. */
const lastWords = (test: string): string => test.replace(/^.*?(google|microsoft)\b/, '')

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`)
