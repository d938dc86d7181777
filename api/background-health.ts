import type { Static } from 'typebox'
import { taskQueues } from '../workflows/ids.ts'
import type { ApiDeps } from './dependencies.ts'
import type { BackgroundHealth } from './health-schemas.ts'

type Health = Static<typeof BackgroundHealth>
type Queue = Health['queues'][number]

/** Workers ask at least once a minute, whether or not there is work. */
const polledWithinMs = 90_000
/** A pass may take its time: it is late when two of them have stayed away. */
const latePasses = 2
const askedMs = 3_000

/**
 * How the work behind the API fares, and what to do about what does not (R3): what Temporal knows of the workers, and when maintenance
 * last went round. `since`: from when on there was somebody to go round for.
 */
export async function backgroundHealth(deps: ApiDeps, lastPassAt: Date | null, since: Date): Promise<Health> {
  const now = deps.now()
  const queues = await Promise.all(Object.values(taskQueues).map((name) => pollersOf(deps, name)))
  const lateMs = latePasses * deps.config.maintenanceEveryMs + polledWithinMs
  const isLate = now.getTime() - (lastPassAt ?? since).getTime() > lateMs
  const idle = queues.filter((queue) => isIdle(queue, now))
  const problems = [
    ...(idle.length > 0
      ? [
          `No worker has asked for work of ${idle.map(({ name }) => name).join(', ')} lately: nothing is synchronised and no subscription is renewed. Start a worker; nothing is lost meanwhile.`,
        ]
      : []),
    ...(isLate
      ? [
          `Maintenance has not run since ${(lastPassAt ?? since).toISOString()}: workflows that end are not revived. Look at the schedule calendar-webhook-maintenance in the Temporal Web UI.`,
        ]
      : []),
  ]
  return {
    status: problems.length === 0 ? 'healthy' : 'unhealthy',
    queues,
    maintenance: { lastPassAt: lastPassAt?.toISOString() ?? null, isLate },
    problems,
  }
}

/** Nobody has asked for work of this queue lately. */
export function isIdle({ lastPolledAt }: Queue, now: Date): boolean {
  return lastPolledAt === null || now.getTime() - Date.parse(lastPolledAt) >= polledWithinMs
}

/** `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API: every one of our queues has activities. */
const activities = 2

/** Who asks for work of a queue, as Temporal knows it. */
export async function pollersOf({ temporal }: ApiDeps, name: string): Promise<Queue> {
  const { pollers } = await temporal.withDeadline(Date.now() + askedMs, () =>
    temporal.workflowService.describeTaskQueue({
      namespace: temporal.options.namespace,
      taskQueue: { name },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the client does not export the enum
      taskQueueType: activities,
    }),
  )
  const polled = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000)
  const last = Math.max(0, ...polled)
  return { name, workers: polled.length, lastPolledAt: last === 0 ? null : new Date(last).toISOString() }
}
