import { setTimeout as pause } from 'node:timers/promises'
import type { ApiClient } from '../api-client.ts'

const patienceMs = 20_000
const lookEveryMs = 100
/** How long a run may take to end after what it was for is already to be seen. */
const runEndsWithinMs = 3_000

export interface DemoProvider {
  id: string
  name: string
}

interface Run {
  number: number
  trigger: string
  outcome: string | null
  counts: Record<string, number>
  workflowId: string
}

/** Raised when something did not happen in time, saying what was waited for. */
export class NotInTime extends Error {
  override readonly name = 'NotInTime'
}

/** Tells what happens, how long after the step before, and which runs did it. */
export class Narrator {
  readonly began = performance.now()
  steps = 0
  runs = 0
  private last = performance.now()
  private readonly seen = new Map<string, number>()
  private readonly api: ApiClient
  private readonly providers: readonly DemoProvider[]
  private readonly linkOf: (workflowId: string) => string

  constructor(api: ApiClient, providers: readonly DemoProvider[], linkOf: (workflowId: string) => string) {
    this.api = api
    this.providers = providers
    this.linkOf = linkOf
  }

  /** Runs from before are not this story's. */
  async forgetEarlierRuns(): Promise<void> {
    for (const { id } of this.providers) {
      const [latest] = await this.runsOf(id)
      this.seen.set(id, latest?.number ?? 0)
    }
    this.last = performance.now()
  }

  tell(what: string): void {
    const now = performance.now()
    console.log(`${`+${((now - this.last) / 1000).toFixed(2)} s`.padStart(9)}  ${what}`)
    this.last = now
    this.steps++
  }

  /** Looks until it is there, then tells it. `look` answers null while it is not. */
  async until<T>(what: string, look: () => Promise<T | null>, say: (found: T) => string): Promise<T> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const found = await look()
      if (found !== null) {
        this.tell(say(found))
        return found
      }
      if (performance.now() > deadline) {
        await this.tellRuns()
        throw new NotInTime(
          `${what} did not happen within ${patienceMs / 1000} s. The runs above and the provider's card in the console say why; the event is left as it is.`,
        )
      }
      await pause(lookEveryMs)
    }
  }

  /** The runs since the last time, with where Temporal shows them. */
  async tellRuns(): Promise<void> {
    for (const provider of this.providers) {
      for (const run of await this.newRunsOf(provider.id)) {
        this.runs++
        const { number, trigger, outcome, workflowId } = run
        console.log(
          `           ↳ ${provider.name}, run ${number} (${trigger}) ${outcome ?? 'still open'}: ${did(run)}`,
        )
        console.log(`             ${this.linkOf(workflowId)}`)
      }
    }
    this.last = performance.now()
  }

  private async newRunsOf(providerId: string): Promise<Run[]> {
    const deadline = performance.now() + runEndsWithinMs
    const since = this.seen.get(providerId) ?? 0
    for (;;) {
      const runs = (await this.runsOf(providerId)).filter(({ number }) => number > since)
      if (runs.every(({ outcome }) => outcome !== null) || performance.now() > deadline) {
        this.seen.set(providerId, runs[0]?.number ?? since)
        return runs.toReversed()
      }
      await pause(lookEveryMs)
    }
  }

  private async runsOf(providerId: string): Promise<Run[]> {
    return (await this.api.get<{ items: Run[] }>(`/providers/${providerId}/runs?limit=50`)).items
  }
}

const names: Record<string, string> = {
  entriesCreated: 'entry created',
  entriesUpdated: 'entry updated',
  entriesDeleted: 'entry deleted',
  sent: 'sent to the vendor',
  conflicts: 'in conflict',
}

function did({ counts }: Run): string {
  const parts = Object.entries(names).flatMap(([name, words]) => {
    const amount = counts[name] ?? 0
    return amount > 0 ? [`${amount} ${words}`] : []
  })
  return parts.join(', ') || 'nothing to change'
}
