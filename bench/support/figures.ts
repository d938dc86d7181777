/** The middle of a set of measurements: one slow round, on a machine that others use too, does not move it. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value that this share of the measurements does not exceed, between two neighbours in proportion. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** Three significant digits: what a shared machine can say. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

export async function timedMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

export type Figures = Record<string, unknown>

/** A table to read, and as the last line the same figures for programs. */
export function report(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  figures: Figures,
): void {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('   ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('───')
  console.log(['', line(head), rule, ...rows.map(line), ''].join('\n'))
  console.log(JSON.stringify(figures))
}
