/** What a $filter says, before anybody looks whether the names in it mean something. */
export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; operand: Filter }
  | { kind: 'compare'; operator: Comparison; left: Operand; right: Operand }
  | { kind: 'call'; name: TextTest; text: Operand; part: Operand }
  | { kind: 'any'; path: string[]; variable: string; condition: Filter | undefined }
  | { kind: 'flag'; operand: Operand }

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type TextTest = 'contains' | 'startswith' | 'endswith'

export type Operand = { kind: 'path'; path: string[] } | Literal
export type Literal =
  | { kind: 'string'; value: string }
  | { kind: 'number'; value: number }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'null' }
  /** A time or a date, as it was written. */
  | { kind: 'instant'; value: string }
  | { kind: 'member'; type: string; value: string }

/** Raised for a text that is no filter; the message is OData's. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError'
}

interface Token {
  kind: 'string' | 'number' | 'instant' | 'name' | 'sign' | 'end'
  text: string
  at: number
}

/** As in Microsoft's own OData library, so that no filter can be nested without end. */
const nodesMax = 100
const comparisons = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const textTests = new Set(['contains', 'startswith', 'endswith'])

const tokenKinds = ['string', 'instant', 'number', 'name', 'sign'] as const
const grammar =
  /\s*(?:(?<string>'(?:[^']|'')*')|(?<instant>\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_][\w.@]*)|(?<sign>[(),:/]))/y
const blank = /\s*$/y

/** Reads a $filter of OData 4 as far as Outlook knows it. Property names, functions and operators are left as written. */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text)
  const filter = readOr(reader)
  reader.expect('end')
  return filter
}

class Reader {
  readonly #text: string
  readonly #tokens: Token[]
  #position = 0
  #nodes = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  get next(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '', at: this.#text.length }
  }

  take(): Token {
    const token = this.next
    this.#position += 1
    return token
  }

  /** Takes the next token if it is the given sign or word. */
  takes(text: string): boolean {
    const { kind, text: found } = this.next
    const isMeant = kind === 'name' ? found.toLowerCase() === text : kind === 'sign' && found === text
    if (isMeant) this.#position += 1
    return isMeant
  }

  expect(what: 'end' | '(' | ')' | ',' | ':'): void {
    if (what === 'end' ? this.next.kind === 'end' : this.takes(what)) return
    const wanted = what === 'end' ? 'the end' : `'${what}'`
    throw this.wrong(`${wanted} expected`)
  }

  /** Counts one node of the filter. */
  count(): void {
    this.#nodes += 1
    if (this.#nodes > nodesMax)
      throw new FilterSyntaxError(`The node count limit of '${nodesMax}' has been exceeded.`)
  }

  wrong(what: string): FilterSyntaxError {
    return new FilterSyntaxError(`Syntax error: ${what} at position ${this.next.at} in '${this.#text}'.`)
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    blank.lastIndex = grammar.lastIndex = at
    if (blank.test(text)) return tokens
    const groups = grammar.exec(text)?.groups
    const kind = tokenKinds.find((name) => groups?.[name] !== undefined)
    if (kind === undefined) {
      const wrong = text.slice(at).trimStart().charAt(0)
      throw new FilterSyntaxError(
        `Syntax error: character '${wrong}' is not valid at position ${at} in '${text}'.`,
      )
    }
    tokens.push({ kind, text: groups?.[kind] ?? '', at })
    at = grammar.lastIndex
  }
}

function readOr(reader: Reader): Filter {
  let left = readAnd(reader)
  while (reader.takes('or')) {
    reader.count()
    left = { kind: 'or', left, right: readAnd(reader) }
  }
  return left
}

function readAnd(reader: Reader): Filter {
  let left = readNot(reader)
  while (reader.takes('and')) {
    reader.count()
    left = { kind: 'and', left, right: readNot(reader) }
  }
  return left
}

function readNot(reader: Reader): Filter {
  reader.count()
  if (reader.takes('not')) return { kind: 'not', operand: readNot(reader) }
  if (reader.takes('(')) {
    const inner = readOr(reader)
    reader.expect(')')
    return inner
  }
  return readCondition(reader)
}

function readCondition(reader: Reader): Filter {
  const name = reader.next.text.toLowerCase()
  if (reader.next.kind === 'name' && isTextTest(name)) {
    reader.take()
    reader.expect('(')
    const text = readOperand(reader)
    reader.expect(',')
    const part = readOperand(reader)
    reader.expect(')')
    return { kind: 'call', name, text, part }
  }
  const left = readOperand(reader)
  if (left.kind === 'path' && left.path.at(-1)?.toLowerCase() === 'any' && reader.takes('('))
    return readAny(reader, left.path.slice(0, -1))
  const operator = reader.next.text.toLowerCase()
  if (reader.next.kind !== 'name' || !isComparison(operator)) return { kind: 'flag', operand: left }
  reader.take()
  return { kind: 'compare', operator, left, right: readOperand(reader) }
}

/** What follows `collection/any(`. */
function readAny(reader: Reader, path: string[]): Filter {
  if (reader.takes(')')) return { kind: 'any', path, variable: '', condition: undefined }
  const variable = reader.take()
  if (variable.kind !== 'name') throw reader.wrong('a variable expected')
  reader.expect(':')
  const condition = readOr(reader)
  reader.expect(')')
  return { kind: 'any', path, variable: variable.text, condition }
}

function readOperand(reader: Reader): Operand {
  reader.count()
  const { kind, text } = reader.take()
  switch (kind) {
    case 'string':
      return { kind: 'string', value: unquoted(text) }
    case 'number':
      return { kind: 'number', value: Number(text) }
    case 'instant':
      return { kind: 'instant', value: text }
    case 'name':
      return readNamed(reader, text)
    case 'sign':
    case 'end':
      throw reader.wrong('an expression expected')
  }
}

function readNamed(reader: Reader, first: string): Operand {
  if (reader.next.kind === 'string')
    return { kind: 'member', type: first, value: unquoted(reader.take().text) }
  if (first === 'null') return { kind: 'null' }
  if (first === 'true' || first === 'false') return { kind: 'boolean', value: first === 'true' }
  const path = [first]
  while (reader.takes('/')) {
    const segment = reader.take()
    if (segment.kind !== 'name') throw reader.wrong('a property expected')
    path.push(segment.text)
  }
  return { kind: 'path', path }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll("''", "'")
}

function isComparison(text: string): text is Comparison {
  return comparisons.has(text)
}

function isTextTest(text: string): text is TextTest {
  return textTests.has(text)
}
