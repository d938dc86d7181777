import { html, joined, type Html } from '../html.ts'

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/g

/** JSON with its names, texts and values told apart by colour; its characters stay as they are. */
export function colouredJson(text: string): Html {
  const parts: Html[] = []
  let done = 0
  for (const match of text.matchAll(token)) {
    const [whole, quoted, colon] = match
    const kind = quoted === undefined ? 'value' : colon === undefined ? 'text' : 'name'
    const shown = quoted ?? whole
    parts.push(html`${text.slice(done, match.index)}<span class="json-${kind}">${shown}</span>${colon ?? ''}`)
    done = match.index + whole.length
  }
  return joined([...parts, html`${text.slice(done)}`])
}

/** JSON with its lines broken; any other text as it is. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
