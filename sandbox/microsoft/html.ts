/** A piece of an HTML text, its texts and values as they are written. Comments and declarations are left out. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'open'; name: string; attributes: [name: string, value: string][] }
  | { kind: 'close'; name: string }

const tag = /<(\/?)([a-z][^\s/<>]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/iy
const attribute = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g
/** Elements whose content is no markup. */
const rawElements = new Set(['script', 'style', 'title', 'textarea', 'xmp', 'noscript', 'iframe'])

/** Reads HTML as far as calendar bodies need it: elements, attributes and texts in order, never an error. */
export function* piecesOf(html: string): Generator<Piece> {
  let at = 0
  let textFrom = 0
  const textUntil = (end: number): Piece[] =>
    end > textFrom ? [{ kind: 'text', text: html.slice(textFrom, end) }] : []

  for (at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    const skipped = commentEnd(html, at)
    if (skipped !== undefined) {
      yield* textUntil(at)
      at = textFrom = skipped
      continue
    }
    tag.lastIndex = at
    const [whole, slash, spelt, rest = ''] = tag.exec(html) ?? []
    if (whole === undefined || spelt === undefined) {
      at += 1
      continue
    }
    yield* textUntil(at)
    at = textFrom = at + whole.length
    const name = spelt.toLowerCase()
    if (slash === '/') yield { kind: 'close', name }
    else {
      yield { kind: 'open', name, attributes: attributesOf(rest) }
      if (rawElements.has(name)) at = textFrom = rawEnd(html, name, at)
    }
  }
  yield* textUntil(html.length)
}

/** Where a comment or a declaration that begins here ends; nothing when none begins here. */
function commentEnd(html: string, at: number): number | undefined {
  const isComment = html.startsWith('<!--', at)
  if (!isComment && !html.startsWith('<!', at) && !html.startsWith('<?', at)) return undefined
  const end = html.indexOf(isComment ? '-->' : '>', at + 2)
  return end === -1 ? html.length : end + (isComment ? 3 : 1)
}

function rawEnd(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}`, 'gi')
  close.lastIndex = from
  return close.exec(html)?.index ?? html.length
}

function attributesOf(text: string): [string, string][] {
  return [...text.matchAll(attribute)].map(([, name = '', double, single, bare]): [string, string] => [
    name.toLowerCase(),
    double ?? single ?? bare ?? '',
  ])
}

const named: Record<string, string> = { nbsp: '\u00a0', lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? whole : String.fromCodePoint(code)
  })
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\u00a0', '&nbsp;')
}

/** Elements that go with everything in them. */
const banned = new Set([
  'head',
  'script',
  'style',
  'title',
  'iframe',
  'object',
  'applet',
  'noscript',
  'svg',
  'math',
])
/** Elements that go while their content stays. */
const unwrapped = new Set(
  'html body form input button select option textarea link meta base embed frame frameset xmp'.split(' '),
)

/** The part of an HTML text that Exchange lets through: no scripts, no handlers, no forms, no foreign frames. */
export function sanitised(html: string): string {
  let kept = ''
  let bannedDepth = 0
  for (const piece of piecesOf(html)) {
    if (piece.kind !== 'text' && banned.has(piece.name)) {
      bannedDepth = Math.max(0, bannedDepth + (piece.kind === 'open' ? 1 : -1))
    } else if (bannedDepth === 0) kept += written(piece)
  }
  return kept
}

function written(piece: Piece): string {
  if (piece.kind === 'text') return piece.text.replaceAll('<', '&lt;')
  if (unwrapped.has(piece.name)) return ''
  if (piece.kind === 'close') return `</${piece.name}>`
  const attributes = piece.attributes
    .filter(isHarmless)
    .map(([name, value]) => ` ${name}="${value.replaceAll('"', '&quot;')}"`)
  return `<${piece.name}${attributes.join('')}>`
}

function isHarmless([name, value]: [string, string]): boolean {
  if (name.startsWith('on') || name === 'srcdoc') return false
  // Control characters and spaces inside a scheme do not keep a browser from following it.
  const address = decoded(value)
    .replaceAll(/[^!-\uffff]/g, '')
    .toLowerCase()
  return !/^(javascript|vbscript|data:text)/.test(address)
}

const blocks = new Set(
  'address blockquote center dd div dl dt fieldset h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul'.split(' '),
)

/** What a person reads of an HTML text, lines ending as mail has them, and links as Exchange writes them: `text<link>`. */
export function htmlText(html: string): string {
  const lines: string[] = []
  let [line, hiddenDepth] = ['', 0]
  let link = { address: '', text: '' }
  const endLine = (): void => {
    lines.push(line.replace(/ $/, ''))
    line = ''
  }
  for (const piece of piecesOf(html)) {
    if (piece.kind === 'text') {
      if (hiddenDepth > 0) continue
      const collapsed = piece.text.replaceAll(/[ \t\r\n\f]+/g, ' ')
      const shown = decoded(line === '' || line.endsWith(' ') ? collapsed.replace(/^ /, '') : collapsed)
      line += shown
      link.text += shown
    } else if (banned.has(piece.name)) {
      hiddenDepth = Math.max(0, hiddenDepth + (piece.kind === 'open' ? 1 : -1))
    } else if (piece.name === 'a') {
      if (piece.kind === 'close' && /^https?:/i.test(link.address) && link.text.trim() !== link.address)
        line += `<${link.address}>`
      link = { address: piece.kind === 'open' ? addressIn(piece.attributes) : '', text: '' }
    } else if (piece.name === 'br' || (blocks.has(piece.name) && line !== '')) endLine()
  }
  endLine()
  return lines.join('\r\n').replaceAll('\u00a0', ' ').trim()
}

function addressIn(attributes: [string, string][]): string {
  return decoded(attributes.find(([name]) => name === 'href')?.[1] ?? '').trim()
}
