import type { Subscription as GraphSubscription } from '@microsoft/microsoft-graph-types'
import type { JsonObject } from '../json.ts'
import type { State } from '../state.ts'
import { graphTime } from './graph-time.ts'
import { microsoftSwitch } from './switches.ts'
import type { Subscription } from './types.ts'

/** A subscription as Graph shows it; what its secret is it tells only to who makes it. */
export function renderSubscription(
  state: State,
  subscription: Subscription,
  answers: 'creation' | 'other',
): JsonObject {
  const tellsSecret = answers === 'creation' || microsoftSwitch(state, 'clientStateOnGet') === 'shown'
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.clientId,
    changeType: subscription.changeTypes.join(','),
    clientState: tellsSecret ? subscription.clientState : null,
    notificationUrl: subscription.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: graphTime(subscription.expiresAtMs),
    creatorId: subscription.creatorId ?? subscription.email,
    includeResourceData: null,
    latestSupportedTlsVersion: subscription.latestSupportedTlsVersion ?? 'v1_2',
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  } satisfies GraphSubscription
}
