/** Gets the share of the units of a group that have a target on a core: for all of them, and on top for single ones. */
export interface AxonShares {
  all(share: number): void
  one(unit: number, share: number): void
}

/** Which units of one source group have a target on a core that is being filled. */
export interface AxonSet {
  reset(): void
  addUnit(unit: number): void
  /** Every unit but these has a target. */
  addAllBut(absent: ArrayLike<number>): void
  /** By chance: units that were without a target stay so with this probability. */
  addByChance(quiet: number): void
  /** How many there are, those by chance by their mean. */
  count(): number
  tell(shares: AxonShares): void
}

export function createAxonSet(size: number): AxonSet {
  // A unit is in the set if it has the stamp of now, so that a reset takes no time.
  const stamps = new Uint32Array(size)
  let now = 1
  let listed: number[] = []
  /** Once all units but some are in the set, these. */
  let missing: Set<number> | null = null
  let quiet = 1
  return {
    reset() {
      now++
      listed = []
      missing = null
      quiet = 1
    },
    addUnit(unit) {
      if (stamps[unit] === now) return
      stamps[unit] = now
      if (missing === null) listed.push(unit)
      else missing.delete(unit)
    },
    addAllBut(absent) {
      if (missing?.size === 0) return
      const still = new Set<number>()
      for (let k = 0; k < absent.length; k++) {
        const unit = absent[k] as number
        if (missing === null ? stamps[unit] !== now : missing.has(unit)) still.add(unit)
      }
      missing = still
    },
    addByChance(factor) {
      quiet *= factor
    },
    count() {
      const sure = missing === null ? listed.length : size - missing.size
      return sure + (size - sure) * (1 - quiet)
    },
    tell(shares) {
      shares.all(missing === null ? 1 - quiet : 1)
      if (missing === null) for (const unit of listed) shares.one(unit, quiet)
      else for (const unit of missing) shares.one(unit, -quiet)
    },
  }
}
