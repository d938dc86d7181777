import { badRequest } from './errors.ts'

/** One request of a batch. */
export interface BatchPart {
  /** As it was sent, with its angle brackets if it had some. */
  contentId: string | undefined
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

/** Reads a batch, or says what is wrong with all of it: https://developers.google.com/workspace/calendar/api/guides/batch */
export function readBatch(contentType: string | undefined, body: unknown, partsMax: number): BatchPart[] {
  const boundary = boundaryOf(contentType)
  if (typeof body !== 'string' || boundary === undefined)
    throw badRequest('Failed to parse batch request: it is no multipart/mixed with a boundary.')
  const texts = split(body, boundary)
  if (texts.length > partsMax)
    throw badRequest(`The number of calls in a batch request exceeds the maximum of ${partsMax}.`)
  return texts.map(readPart)
}

function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/mixed\s*(;|$)/i.test(contentType ?? '')) return undefined
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? []
  return quoted ?? plain
}

/** The texts between the lines that hold the boundary; the one with dashes after it closes the batch. */
function split(body: string, boundary: string): string[] {
  const escaped = boundary.replaceAll(/[^\w]/g, '\\$&')
  const lines = [...body.matchAll(new RegExp(`(?:^|\\r?\\n)--${escaped}(--)?[ \\t]*(?=\\r?\\n|$)`, 'g'))]
  const last = lines.findIndex(([, closes]) => closes !== undefined)
  if (last === -1) throw badRequest('Failed to parse batch request: its end boundary is missing.')
  if (last === 0) throw badRequest('Failed to parse batch request: it has no parts.')
  return lines
    .slice(0, last)
    .map(({ 0: line, index }, number) => body.slice(index + line.length, lines[number + 1]?.index))
}

function readPart(text: string): BatchPart {
  const outer = readMessage(text.replace(/^\r?\n/, ''))
  if (!/^application\/http\s*(;|$)/i.test(outer.headers['content-type'] ?? ''))
    throw badRequest('Failed to parse batch request: each part is to be application/http.')
  const [, line = '', rest = ''] = /^([^\r\n]*)\r?\n?([^]*)$/.exec(outer.body.trimStart()) ?? []
  const [, method, url] = /^([A-Za-z]+) +(\S+)(?: +HTTP\/\d(?:\.\d)?)?\s*$/.exec(line) ?? []
  if (method === undefined || url === undefined)
    throw badRequest('Failed to parse batch request: a part does not begin with a request line.')
  const { headers, body } = readMessage(rest)
  return { contentId: outer.headers['content-id'], method: method.toUpperCase(), url, headers, body }
}

/** Headers up to an empty line, and a body after it. */
function readMessage(text: string): { headers: Record<string, string>; body: string } {
  const gap = /(?:^|\r?\n)\r?\n/.exec(text)
  const head = gap === null ? text : text.slice(0, gap.index)
  const body = gap === null ? '' : text.slice(gap.index + gap[0].length)
  const headers: Record<string, string> = {}
  for (const line of head.split(/\r?\n/).filter((one) => one.trim() !== '')) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)[ \t]*:([\t\x20-\x7e]*)$/.exec(line) ?? []
    if (name === undefined || value === undefined)
      throw badRequest('Failed to parse batch request: a header is malformed.')
    headers[name.toLowerCase()] = value.trim()
  }
  return { headers, body: body.trim() === '' ? '' : body }
}
