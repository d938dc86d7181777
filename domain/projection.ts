import { normaliseText, type EventContent, type ShowAs, type Vendor, type Visibility } from './event.ts'

/** An entry as this vendor can hold it. Compared with the base's projection, so what a vendor cannot say is never an edit. */
export function projectFor(vendor: Vendor, content: EventContent): EventContent {
  const text = {
    ...content,
    title: normaliseText(content.title),
    body: normaliseText(content.body),
    location: normaliseText(content.location),
  }
  switch (vendor) {
    case 'google':
      return { ...text, showAs: googleShowAs[content.showAs] }
    case 'microsoft':
      return { ...text, visibility: microsoftVisibility[content.visibility] }
  }
}

/** Google knows free and busy by transparency and tentative by status; the rest is time taken. */
const googleShowAs: Record<ShowAs, ShowAs> = {
  free: 'free',
  tentative: 'tentative',
  busy: 'busy',
  oof: 'busy',
  elsewhere: 'free',
}

/** Graph's sensitivity has no word for "public": it is normal there. */
const microsoftVisibility: Record<Visibility, Visibility> = {
  default: 'default',
  public: 'default',
  private: 'private',
  confidential: 'confidential',
}
