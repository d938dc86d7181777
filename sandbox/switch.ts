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

/** How the switches of a vendor's list stand, each by its name in the list. */
export function switchesOf<L extends Record<string, Switch>>(vendor: string, list: L) {
  return <N extends keyof L & string>(
    { switches }: { switches: ReadonlyMap<string, SwitchValue> },
    name: N,
  ): Choice<L, N> => {
    const { choices } = list[name] as Switch
    // What is set was checked against the choices when it was set.
    return (switches.get(`${vendor}.${name}`) ?? choices[0]) as Choice<L, N>
  }
}
