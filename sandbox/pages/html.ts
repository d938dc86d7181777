/** A text that is HTML already and must not be escaped again. */
export interface Html {
  readonly html: string
}

/** Builds HTML in which every value is escaped unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  const parts = strings.map((text, index) => text + (index < values.length ? inserted(values[index]) : ''))
  return { html: parts.join('') }
}

function inserted(value: string | number | Html | Html[] | undefined): string {
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

/** A whole page; nothing on it runs scripts or loads anything. */
export function page(title: string, body: Html): string {
  const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #ddd}
form.inline{display:inline}label{display:block;margin:.4rem 0}button{padding:.4rem .9rem}.note{color:#666}`
  const whole = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width" />
        <style>
          ${{ html: style }}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html>`.html
  // The formatter breaks long tags over lines; whoever reads a form by script finds each tag on one.
  return whole.replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/\s+/g, ' '))
}
