import { workflowInfo } from '@temporalio/workflow'

/**
 * Options of a short workflow: where workers have build ids, it ends on the code that it began on. Workers without one may not say so, and
 * the server refuses every task of one that does.
 */
export const pinned = () =>
  workflowInfo().currentDeploymentVersion?.deploymentName ? ({ versioningBehavior: 'PINNED' } as const) : {}
