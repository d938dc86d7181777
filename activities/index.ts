import { announceAlerts } from './announce-alerts.ts'
import { deliverDue } from './deliver-due.ts'
import type { ActivityDeps } from './deps.ts'
import { endSubscriptions, forgetProvider, revokeConsent } from './disconnect.ts'
import { ensureSubscription } from './ensure-subscription.ts'
import { look, pull } from './look.ts'
import { finishMaintenance, maintainPage } from './maintain.ts'
import { preview } from './preview.ts'
import { push } from './push.ts'
import { reconcilePending } from './reconcile-pending.ts'
import { finishRun, openRun, recordFailure } from './runs.ts'

export type { ActivityDeps, OpenedRun, WorkflowState } from './deps.ts'
export type { PreviewStep, Previewed } from './preview.ts'
export type { MaintenanceLine } from './maintain.ts'
export type { RunFailure, RunReport } from './runs.ts'

/** Every activity with its dependencies: one verb each, safe to run twice. */
export const createActivities = (deps: ActivityDeps) => ({
  look: (input: Parameters<typeof look>[1]) => look(deps, input),
  pull: (input: Parameters<typeof pull>[1]) => pull(deps, input),
  reconcilePending: (input: Parameters<typeof reconcilePending>[1]) => reconcilePending(deps, input),
  push: (input: Parameters<typeof push>[1]) => push(deps, input),
  openRun: (input: Parameters<typeof openRun>[1]) => openRun(deps, input),
  finishRun: (input: Parameters<typeof finishRun>[1]) => finishRun(deps, input),
  recordFailure: (input: Parameters<typeof recordFailure>[1]) => recordFailure(deps, input),
  preview: (input: Parameters<typeof preview>[1]) => preview(deps, input),
  endSubscriptions: (input: Parameters<typeof endSubscriptions>[1]) => endSubscriptions(deps, input),
  revokeConsent: (input: Parameters<typeof revokeConsent>[1]) => revokeConsent(deps, input),
  forgetProvider: (input: Parameters<typeof forgetProvider>[1]) => forgetProvider(deps, input),
  maintainPage: (input: Parameters<typeof maintainPage>[1]) => maintainPage(deps, input),
  announceAlerts: () => announceAlerts(deps),
  deliverDue: (input: Parameters<typeof deliverDue>[1]) => deliverDue(deps, input),
  finishMaintenance: () => finishMaintenance(deps),
  ensureSubscription: (input: Parameters<typeof ensureSubscription>[1]) => ensureSubscription(deps, input),
})

export type Activities = ReturnType<typeof createActivities>
