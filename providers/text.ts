import { convert } from 'html-to-text'
import { normaliseText } from '../domain/event.ts'

/** A body as plain text. Vendors store HTML, or text with a few tags, and rewrite it at will: words are what we compare. */
export function bodyText(body: string | null | undefined, isHtml: boolean): string {
  if (!body) return ''
  if (!isHtml && !/<[a-z!/][^>]*>|&[a-z#0-9]+;/i.test(body)) return normaliseText(body)
  return normaliseText(
    convert(body, {
      wordwrap: false,
      preserveNewlines: !isHtml,
      selectors: [
        { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
        { selector: 'img', format: 'skip' },
      ],
    }),
  )
}
