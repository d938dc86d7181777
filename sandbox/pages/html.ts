/** A text that is HTML already and must not be escaped again. */
export interface Html {
  readonly html: string
}

type Part = string | number | Html | Html[]

/** Builds HTML in which every value is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? inserted(values[index]) : ''))
  return { html: parts.join('') }
}

export const nothing: Html = { html: '' }

/** The parts one after the other. */
export function joined(parts: Html[]): Html {
  return { html: parts.map((part) => part.html).join('') }
}

/** An attribute without a value, such as `checked`, where it holds. */
export function flag(holds: boolean, name: string): Html {
  return { html: holds ? ` ${name}` : '' }
}

function inserted(value: Part | undefined): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((part) => part.html).join('')
  if (typeof value === 'object') return value.html
  return escape(String(value))
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
}

/** A whole page: what stands in the body is given, what it looks like comes from the sandbox's own style sheet. */
export function page(title: string, body: Html): string {
  const whole = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="/pages/icon.svg" />
        <link rel="stylesheet" href="/pages/look.css" />
      </head>
      <body>
        ${body}
      </body>
    </html>`.html
  // The formatter breaks long tags over lines; whoever reads a form by script finds each tag on one.
  return whole.replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/\s*\n\s*/g, ' '))
}
