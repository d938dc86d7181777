import type { Page } from 'playwright-core'

export interface Interactive {
  id: string
  name: string
  tag: string
}

/** Everything on the page that a person can press, follow or fill in, with the name assistive technology reads out. */
export function interactiveElements(page: Page): Promise<Interactive[]> {
  return page.evaluate(() => {
    const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, [role=button], [role=switch]'
    const textOf = (ids: string) =>
      ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '')
    return [...document.querySelectorAll<HTMLElement>(wanted)].map((element) => {
      const labels = 'labels' in element ? [...((element.labels ?? []) as Iterable<HTMLElement>)] : []
      const names = [
        element.getAttribute('aria-label') ?? '',
        ...textOf(element.getAttribute('aria-labelledby') ?? ''),
        ...labels.map((label) => label.textContent),
        element.matches('a, button') ? element.textContent : '',
      ]
      const name = names.map((one) => one.trim()).find((one) => one !== '') ?? ''
      return { id: element.id, name, tag: element.tagName.toLowerCase() }
    })
  })
}
