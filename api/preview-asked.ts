import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { ActivityFailure, ApplicationFailure, WorkflowFailedError } from '@temporalio/client'
import { findPreview, type Preview } from '../db/previews.ts'
import type { SettingsWish } from '../db/provider-settings.ts'
import type { previewProvider } from '../workflows/preview-provider.ts'
import { previewId as workflowIdOf, taskQueues } from '../workflows/ids.ts'
import type { ApiDeps } from './dependencies.ts'
import { conflicting, forbidden, Problem, unavailable } from './problem.ts'
import { requireProvider } from './provider-found.ts'

export type PreviewWish = Pick<SettingsWish, 'direction' | 'policies'>

/** A person waits for the answer; a preview takes about half a minute at most, however large the calendar. */
const patienceMs = 45_000

/** Has a provider's preview computed by the worker, which alone asks vendors, and answers it when it is ready. */
export async function askForPreview(
  deps: ApiDeps,
  tenantId: string,
  id: string,
  wish: PreviewWish,
): Promise<Preview> {
  const provider = await requireProvider(deps, tenantId, id)
  const { temporal } = deps
  const named = createHash('sha256').update(JSON.stringify(wish)).digest('hex').slice(0, 16)
  const handle = await temporal.workflow.start<typeof previewProvider>('previewProvider', {
    workflowId: workflowIdOf(id, named),
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue: taskQueues.workflows,
    workflowExecutionTimeout: '4 minutes',
    args: [{ tenantId, providerId: id, vendor: provider.vendor, previewId: deps.newId(), wish }],
    staticSummary: `${provider.name}: preview`,
  })
  const late = pause(patienceMs, null, { ref: false })
  const previewed = await Promise.race([handle.result().catch(explain), late])
  if (previewed === null)
    throw unavailable('preview-not-ready', 'The preview is not ready yet. Ask again in a few seconds.', 5)
  if (previewed.kind === 'gone') throw forbidden()
  if (previewed.kind === 'halted') throw notAuthorized(previewed.phase)
  return requirePreview(deps, tenantId, previewed.previewId)
}

/** A preview that was computed before, for its next page. */
export async function requirePreview(deps: ApiDeps, tenantId: string, id: string): Promise<Preview> {
  const preview = await deps.database.tenant(tenantId, (db) => findPreview(db, id, deps.now()))
  if (preview) return preview
  throw conflicting('preview-expired', 'The preview is no longer kept: ask for it anew, without the cursor.')
}

const notAuthorized = (phase: 'unauthorized' | 'reauthorization-required'): Problem =>
  phase === 'unauthorized'
    ? conflicting('unauthorized', 'The provider is not authorized yet: authorize it first.')
    : conflicting('reauthorization-required', 'The consent is no longer valid: authorize the provider again.')

/** Why the worker could not compute it, in the vendor's words where the vendor said no. */
function explain(error: unknown): never {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined
  const failure = cause instanceof ActivityFailure ? cause.cause : undefined
  if (!(failure instanceof ApplicationFailure)) {
    if (error instanceof WorkflowFailedError)
      throw unavailable(
        'preview-not-ready',
        'The preview did not finish in time. Ask again in a few seconds.',
        5,
      )
    throw error
  }
  if (failure.type === 'ConsentRevoked' || failure.type === 'TokenRefused')
    throw notAuthorized('reauthorization-required')
  throw new Problem(502, 'preview-failed', 'The preview could not be computed', failure.message, {
    retryAfterSeconds: 5,
  })
}
