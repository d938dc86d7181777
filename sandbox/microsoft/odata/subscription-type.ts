import { complex, type Edm } from './edm.ts'

const text: Edm = { kind: 'string' }

/** The subscription, by Microsoft Graph's published metadata (https://graph.microsoft.com/v1.0/$metadata). */
export const subscriptionType = complex('subscription', {
  id: text,
  applicationId: text,
  changeType: text,
  clientState: text,
  creatorId: text,
  encryptionCertificate: text,
  encryptionCertificateId: text,
  expirationDateTime: { kind: 'instant' },
  includeResourceData: { kind: 'boolean' },
  latestSupportedTlsVersion: text,
  lifecycleNotificationUrl: text,
  notificationQueryOptions: text,
  notificationUrl: text,
  notificationUrlAppId: text,
  resource: text,
})
