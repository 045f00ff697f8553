/** Sets of cores that many units share, each under a number. Fan 0 is empty. */
export interface FanTable {
  /** The fan with one core more, which has to be greater than those in it. */
  extend(fan: number, core: number): number
  /** In ascending order. */
  coresOf(fan: number): readonly number[]
}

export function createFanTable(cores: number): FanTable {
  const extended = new Map<number, number>()
  const fans: (readonly number[])[] = [[]]
  return {
    extend(fan, core) {
      const key = fan * cores + core
      const known = extended.get(key)
      if (known !== undefined) return known
      fans.push([...(fans[fan] as readonly number[]), core])
      extended.set(key, fans.length - 1)
      return fans.length - 1
    },
    coresOf: (fan) => fans[fan] as readonly number[],
  }
}
