import { collection, complex, enumeration, type Edm } from './edm.ts'

const text: Edm = { kind: 'string' }
const flag: Edm = { kind: 'boolean' }
const emailAddress = complex('emailAddress', { name: text, address: text })
const providers = enumeration(
  'onlineMeetingProviderType',
  'unknown skypeForBusiness skypeForConsumer teamsForBusiness',
)

/** Types of a mailbox, by Microsoft Graph's published metadata (https://graph.microsoft.com/v1.0/$metadata). */
export const calendarType = complex('calendar', {
  id: text,
  name: text,
  color: enumeration(
    'calendarColor',
    'auto lightBlue lightGreen lightOrange lightGray lightYellow lightTeal lightPink lightBrown lightRed maxColor',
  ),
  hexColor: text,
  isDefaultCalendar: flag,
  changeKey: text,
  canShare: flag,
  canViewPrivateItems: flag,
  canEdit: flag,
  isRemovable: flag,
  isTallyingResponses: flag,
  allowedOnlineMeetingProviders: collection(providers),
  defaultOnlineMeetingProvider: providers,
  owner: emailAddress,
})

export const groupType = complex('calendarGroup', { id: text, name: text, classId: text, changeKey: text })

export const categoryType = complex('outlookCategory', {
  id: text,
  displayName: text,
  color: enumeration(
    'categoryColor',
    ['none', ...Array.from({ length: 25 }, (_none, index) => `preset${index}`)].join(' '),
  ),
})

export const userType = complex('user', {
  id: text,
  businessPhones: collection(text),
  displayName: text,
  givenName: text,
  jobTitle: text,
  mail: text,
  mobilePhone: text,
  officeLocation: text,
  preferredLanguage: text,
  surname: text,
  userPrincipalName: text,
})

export const settingsType = complex('mailboxSettings', {
  archiveFolder: text,
  timeZone: text,
  dateFormat: text,
  timeFormat: text,
  delegateMeetingMessageDeliveryOptions: enumeration(
    'delegateMeetingMessageDeliveryOptions',
    'sendToDelegateAndInformationToPrincipal sendToDelegateAndPrincipal sendToDelegateOnly',
  ),
  language: complex('localeInfo', { locale: text, displayName: text }),
  workingHours: complex('workingHours', {
    daysOfWeek: collection(
      enumeration('dayOfWeek', 'sunday monday tuesday wednesday thursday friday saturday'),
    ),
    startTime: text,
    endTime: text,
    timeZone: complex('timeZoneBase', { name: text }, true),
  }),
  userPurpose: text,
  automaticRepliesSetting: complex('automaticRepliesSetting', {}, true),
})
