/**
 * Something the vendors' documentation leaves open, decided one way and changeable: each vendor lists its own in
 * `google/switches.ts` and `microsoft/switches.ts`, the control API shows and sets them.
 */
export interface Switch<T extends SwitchValue = SwitchValue> {
  readonly about: string
  /** The first is the one that holds until another is chosen. */
  readonly choices: readonly [T, ...T[]]
}

export type SwitchValue = string | number | boolean

/** What a switch of a list can be set to. */
export type Choice<L, N extends keyof L> = L[N] extends { choices: readonly (infer T)[] } ? T : never

/** The value a switch stands at. */
export function chosen<L extends Record<string, Switch>, N extends keyof L & string>(
  list: L,
  name: N,
  set: ReadonlyMap<string, SwitchValue>,
  prefix: string,
): Choice<L, N> {
  const { choices } = list[name] as Switch
  const value = set.get(`${prefix}.${name}`)
  // What is set was checked against the choices when it was set.
  return (value ?? choices[0]) as Choice<L, N>
}
