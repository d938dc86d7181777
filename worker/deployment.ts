import type { Client } from '@temporalio/client'
import type { WorkerOptions } from '@temporalio/worker'

/** The name under which Temporal knows our workers, whatever their version. */
export const deploymentName = 'calendar-sync'

/**
 * Workers with a build id are versions of one deployment: a run stays with the version that it began on, and what lives long (a provider, an
 * endpoint) goes over to the current one with its next step. Without a build id they take whatever comes.
 * https://docs.temporal.io/worker-deployments
 */
export function deploymentOptions(buildId: string | null): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (buildId === null) return {}
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      // Short workflows say otherwise of themselves.
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  }
}

/** From now on new work goes to this version. Throws what the server says when no worker of it has asked for work yet. */
export async function makeCurrent(client: Client, buildId: string): Promise<void> {
  await client.workflowService.setWorkerDeploymentCurrentVersion({
    namespace: client.options.namespace,
    deploymentName,
    buildId,
    identity: client.options.identity,
  })
}

export interface DeployedVersion {
  buildId: string
  /** `current` takes new work; `draining` has runs that began on it; `drained` may be stopped. */
  state: 'current' | 'ramping' | 'draining' | 'drained' | 'inactive'
}

/** The versions that Temporal knows, newest first; none where workers run without build ids. */
export async function deployedVersions(client: Client): Promise<DeployedVersion[]> {
  const { workerDeploymentInfo } = await client.workflowService.describeWorkerDeployment({
    namespace: client.options.namespace,
    deploymentName,
  })
  return (workerDeploymentInfo?.versionSummaries ?? []).flatMap(({ deploymentVersion, status }) =>
    deploymentVersion?.buildId ? { buildId: deploymentVersion.buildId, state: stateOf(status) } : [],
  )
}

/** As temporal.api.enums.v1.WorkerDeploymentVersionStatus numbers them. */
function stateOf(status: number | null | undefined): DeployedVersion['state'] {
  const states = { 2: 'current', 3: 'ramping', 4: 'draining', 5: 'drained' } as const
  return states[status as keyof typeof states] ?? 'inactive'
}
