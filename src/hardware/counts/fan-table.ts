/** Sets of cores that many units share, each under a number. Fan 0 is empty. */
export interface FanTable {
  /** The fan with one core more, which has to be greater than those in it. */
  extend(fan: number, core: number): number
  /** In ascending order. */
  coresOf(fan: number): readonly number[]
}

export function createFanTable(cores: number): FanTable {
  const extended = new Map<number, number>()
  // A fan is the one before it and its last core: units with many cores of their own take little memory.
  const before = [0]
  const last = [-1]
  return {
    extend(fan, core) {
      const key = fan * cores + core
      const known = extended.get(key)
      if (known !== undefined) return known
      before.push(fan)
      last.push(core)
      extended.set(key, last.length - 1)
      return last.length - 1
    },
    coresOf(fan) {
      const found: number[] = []
      for (let at = fan; at !== 0; at = before[at] as number) found.push(last[at] as number)
      return found.reverse()
    },
  }
}
