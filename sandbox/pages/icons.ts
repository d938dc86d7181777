import type { Html } from './html.ts'

/** Small drawings beside words; whoever cannot see them misses nothing. */
function drawn(paths: string): Html {
  return {
    html: `<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${paths}</svg>`,
  }
}

export const icons = {
  before: drawn('<path d="M10 3 5 8l5 5"/>'),
  after: drawn('<path d="m6 3 5 5-5 5"/>'),
  add: drawn('<path d="M8 3v10M3 8h10"/>'),
  repeats: drawn('<path d="M3 7a5 5 0 0 1 9-2.5M13 9a5 5 0 0 1-9 2.5M12.5 2v3h-3M3.5 14v-3h3"/>'),
  private: drawn('<path d="M4 7.5h8V13H4zM5.5 7.5V6a2.5 2.5 0 0 1 5 0v1.5"/>'),
  copy: drawn('<path d="M6 6h7v7H6zM3 10V3h7"/>'),
  close: drawn('<path d="m4 4 8 8M12 4l-8 8"/>'),
  code: drawn('<path d="M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4"/>'),
  fault: drawn('<path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z"/>'),
}
