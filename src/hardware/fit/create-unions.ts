/** Numbers that are joined to sets, two by two. */
export interface Unions {
  join(a: number, b: number): void
  /** All sets, each ascending, by their least number. */
  sets(): readonly (readonly number[])[]
}

/** Sets of the numbers below a count, each of one at first. */
export function createUnions(count: number): Unions {
  const parents = Int32Array.from({ length: count }, (_, k) => k)
  const rootOf = (k: number): number => {
    let root = k
    while (parents[root] !== root) {
      parents[root] = parents[parents[root] as number] as number
      root = parents[root] as number
    }
    return root
  }
  return {
    join(a, b) {
      const [one, other] = [rootOf(a), rootOf(b)]
      parents[Math.max(one, other)] = Math.min(one, other)
    },
    sets() {
      const found = new Map<number, number[]>()
      for (let k = 0; k < count; k++) {
        const root = rootOf(k)
        const set = found.get(root) ?? []
        set.push(k)
        found.set(root, set)
      }
      return [...found.values()]
    },
  }
}
