import { convert } from 'html-to-text'
import { normaliseText } from '../domain/event.ts'

const looksLikeHtml = /<[a-z!/][^>]*>|&[a-z#0-9]+;/i

/** A body as plain text: words are what we compare, since vendors store HTML or text and rewrite both at will. */
export function bodyText(body: string | null | undefined, form: 'html' | 'text' | 'either'): string {
  if (!body) return ''
  if (form === 'text' || (form === 'either' && !looksLikeHtml.test(body))) return normaliseText(body)
  return normaliseText(
    convert(body, {
      wordwrap: false,
      preserveNewlines: form === 'either',
      selectors: [
        { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
        { selector: 'img', format: 'skip' },
      ],
    }),
  )
}

/** Text for a field that is read as HTML when it looks like it: then, and only then, it is escaped. */
export function asEitherText(text: string): string {
  if (!looksLikeHtml.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
