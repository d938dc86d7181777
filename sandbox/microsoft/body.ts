import type { ItemBody } from '@microsoft/microsoft-graph-types'

const head = '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'

/** Bodies are kept as HTML, whatever they were sent as, in the wrapping Outlook gives them. */
export function storedBody(body: ItemBody | null | undefined): ItemBody {
  const content = body?.content ?? ''
  if (body?.contentType === 'html') {
    const inner = /<body[^>]*>([\s\S]*?)<\/body>/i.exec(content)?.[1] ?? content
    return { contentType: 'html', content: wrap(withoutScripts(inner)) }
  }
  if (content === '') return { contentType: 'html', content: '' }
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return {
    contentType: 'html',
    content: wrap(`<div class="PlainText">${escaped.replaceAll(/\r?\n/g, '<br>\r\n')}</div>`),
  }
}

/** The text of a kept body, for callers that ask for text and for previews. */
export function bodyText(body: ItemBody | null | undefined): string {
  return (body?.content ?? '')
    .replace(/<head>[\s\S]*?<\/head>/i, '')
    .replaceAll(/\r?\n/g, '')
    .replaceAll(/<br\s*\/?>|<\/p>/gi, '\r\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trim()
}

function wrap(inner: string): string {
  return `${head}<body>${inner}</body></html>`
}

function withoutScripts(inner: string): string {
  return inner.replaceAll(/<script[\s\S]*?<\/script>/gi, '').replaceAll(/\son\w+="[^"]*"/gi, '')
}
