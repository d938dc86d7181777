import { isObject, textOf, type JsonObject } from '../../json.ts'
import { problemBox, selectField } from '../frame.ts'
import { html, nothing, type Html } from '../html.ts'

/** What the vendors' documentation leaves open, and how the sandbox decides it; `items` are the control API's. */
export function switchPage(items: JsonObject[], problem: string | null): Html {
  const groups = [
    { prefix: 'google.', name: 'Google', vendor: 'google' },
    { prefix: 'microsoft.', name: 'Microsoft', vendor: 'microsoft' },
  ]
  return html`<h1 class="page-title">Switches</h1>
    <p class="note">
      What the vendors’ documentation leaves open, and how it is decided here. The first choice holds unless
      you choose another.
    </p>
    ${problem === null ? nothing : problemBox(problem)}
    <form method="post" action="/switches" class="stack">
      ${groups.map(({ prefix, name, vendor }) => {
        const own = items.filter((item) => textOf(item['name'])?.startsWith(prefix) === true)
        return html`<section class="card vendor-${vendor}" aria-labelledby="switches-${vendor}">
          <h2 id="switches-${vendor}">${name}</h2>
          <ul class="rows">
            ${own.map((item) => switchRow(item))}
          </ul>
        </section>`
      })}
      <div class="buttons">
        <button class="primary" id="set-switches" name="act" value="set">Set them</button>
        <button id="default-switches" name="act" value="default">All as at first</button>
      </div>
    </form>`
}

function switchRow(item: JsonObject): Html {
  const name = textOf(item['name']) ?? ''
  const choices = Array.isArray(item['choices']) ? item['choices'] : []
  const options = choices.map((choice: unknown, index) => {
    const value = JSON.stringify(choice)
    return { value, label: `${String(choice)}${index === 0 ? ' (default)' : ''}` }
  })
  return html`<li>
    <div>
      <label for="${name}"><b>${name.split('.').slice(1).join('.')}</b></label>
      ${item['isDefault'] === true ? nothing : html`<span class="badge fair">changed</span>`}
      <p class="note">${textOf(item['about']) ?? ''}</p>
    </div>
    ${selectField(name, options, JSON.stringify(item['value']))}
  </li>`
}

/** The switches a form sets; a choice that is no JSON is left for the control API to refuse. */
export function wishesOf(form: Record<string, string>): JsonObject {
  const { act: _act, ...switches } = form
  return Object.fromEntries(Object.entries(switches).map(([name, text]) => [name, valueIn(text)]))
}

function valueIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? text : value
  } catch {
    return text
  }
}
