/** Puts right what can only be meant one way, and counts each kind. */
export function mendLines(lines: string[], count: (kind: string) => void): string[] {
  return lines.flatMap((line) => {
    if (/^(RRULE|EXRULE|EXDATE|RDATE)[^:]*:\s*$/i.test(line)) {
      count(`empty${line.slice(0, 1).toUpperCase()}${line.slice(1, line.search(/[;:]/)).toLowerCase()}`)
      return []
    }
    const date = /^(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)((?:;[^:]*)?):(\d{8}(?:,\d{8})*)\s*$/i.exec(line)
    if (date === null || /VALUE=DATE(?![-A-Z])/i.test(date[2] ?? '')) return [line]
    count('dateWithoutValueDate')
    return [`${date[1] ?? ''};VALUE=DATE:${date[3] ?? ''}`]
  })
}
