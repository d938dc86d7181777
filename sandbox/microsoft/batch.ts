import type { JsonObject } from '../json.ts'
import type { Random } from '../random.ts'
import { isParallel, sameId, type Step } from './batch-steps.ts'

/** Outlook works on so many requests of a batch at once. */
const atOnceMax = 4

export interface StepAnswer {
  id: string
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/**
 * Runs the steps, those without an order four at a time, and answers in whatever order; one whose dependency failed is
 * not run.
 */
export async function runSteps(
  steps: Step[],
  random: Random,
  run: (step: Step) => Promise<StepAnswer>,
): Promise<StepAnswer[]> {
  if (isParallel(steps)) {
    const waiting = [...steps]
    const answers: StepAnswer[] = []
    const work = async (): Promise<void> => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
        answers.push(await run(step))
    }
    await Promise.all(Array.from({ length: atOnceMax }, work))
    return shuffled(answers, random)
  }
  const answers: StepAnswer[] = []
  for (const step of steps) {
    const hasFailed = answers.some(
      ({ id, status }) => status >= 400 && step.dependsOn.some((one) => sameId(one, id)),
    )
    answers.push(hasFailed ? failedDependency(step.id) : await run(step))
  }
  return answers
}

function failedDependency(id: string): StepAnswer {
  const error = { code: 'FailedDependency', message: 'A request this one depends on has failed.' }
  return { id, status: 424, headers: { 'Content-Type': 'application/json' }, body: { error } }
}

function shuffled(answers: StepAnswer[], random: Random): StepAnswer[] {
  return answers
    .map((answer) => ({ answer, rank: random.next() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ answer }) => answer)
}

/** The headers of an answer as a batch tells them: without those of the connection. */
export function toldHeaders(headers: JsonObject): Record<string, string> {
  const told = Object.entries(headers).filter(
    ([name, value]) =>
      value !== undefined && !/^(connection|date|keep-alive|content-length|transfer-encoding)$/.test(name),
  )
  return Object.fromEntries(
    told.map(([name, value]) => [
      name.replaceAll(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
      String(value),
    ]),
  )
}
