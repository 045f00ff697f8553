// The operator of lossy-router.ts. Packets of a unit pass one router or more on their way between the chips; each may lose
// a packet, and lets it wait. Pure per spike: all that it draws belongs to the packet, so no bit depends on who computes.
export function createOperator({ hops, loss, wait }, { sourceSize }) {
  const routersOf = (unit) => 1 + Math.floor((hops * unit) / sourceSize)
  return {
    least: wait,
    apply: ({ units, random }) => ({
      keep: Uint8Array.from(units, (unit, k) => (random.uniform(k) < loss * routersOf(unit) ? 0 : 1)),
      extra: Float64Array.from(units, (unit, k) => wait * routersOf(unit) * (1 + random.uniform(k, 1))),
    }),
  }
}
