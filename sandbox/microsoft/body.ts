import type { ItemBody } from '@microsoft/microsoft-graph-types'
import { escaped, htmlText, sanitised } from './html.ts'

const charset = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
const generator = '<meta name="Generator" content="Microsoft Exchange Server">'
const converted = '<!-- converted from text -->'

/** Every copy of a body comes in a wrapping of its own, so that no client gets by with comparing HTML. */
const wrappings: ((inner: string) => string)[] = [
  (inner) => `<html><head>\r\n${charset}</head><body>${inner}</body></html>`,
  (inner) => `<html>\r\n<head>\r\n${charset}\r\n</head>\r\n<body>\r\n${inner}\r\n</body>\r\n</html>\r\n`,
  (inner) =>
    `<html>\r\n<head>\r\n${charset}${generator}\r\n</head>\r\n<body dir="ltr">\r\n${inner}\r\n</body>\r\n</html>\r\n`,
]

export interface KeptBody {
  body: ItemBody
  bodyPreview: string
}

/**
 * A body as Exchange keeps it: HTML whatever it was sent as, without what it does not let through, wrapped.
 * The copy decides which wrapping.
 */
export function storedBody(sent: ItemBody | null | undefined, copy: string): KeptBody {
  const content = sent?.content ?? ''
  const inner = sent?.contentType === 'html' ? sanitised(content).trim() : plainText(content)
  if (inner === '') return { body: { contentType: 'html', content: '' }, bodyPreview: '' }
  const body: ItemBody = { contentType: 'html', content: wrapped(inner, copy) }
  return { body, bodyPreview: previewOf(body) }
}

function wrapped(inner: string, copy: string): string {
  const sum = Buffer.from(copy).reduce((total, byte) => total + byte, 0)
  return wrappings[sum % wrappings.length]?.(inner) ?? inner
}

/** Lines and spaces of a plain text stay when it is shown as HTML. */
function plainText(content: string): string {
  if (content === '') return ''
  const spaced = escaped(content)
    .replaceAll(/ (?= )|^ /gm, '&nbsp;')
    .replaceAll('\t', '&nbsp; &nbsp; ')
  return `${converted}<div class="PlainText">${spaced.replaceAll(/\r\n|\r|\n/g, '<br>\r\n')}</div>`
}

/** The text of a kept body, for callers that ask for text. */
export function bodyText(body: ItemBody | null | undefined): string {
  return htmlText(body?.content ?? '')
}

export function previewOf(body: ItemBody | null | undefined): string {
  return bodyText(body).slice(0, 255)
}

/** A kept body with something more at its end, as the join link of an online meeting. */
export function bodyWith(kept: ItemBody | null | undefined, block: string, copy: string): KeptBody {
  const content = kept?.content ?? ''
  const end = content.lastIndexOf('</body>')
  const whole = end === -1 ? wrapped(block, copy) : `${content.slice(0, end)}${block}${content.slice(end)}`
  const body: ItemBody = { contentType: 'html', content: whole }
  return { body, bodyPreview: previewOf(body) }
}
