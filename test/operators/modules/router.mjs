// A router: loses some spikes, delays the others by chance, the later the longer, and says by how much.
export function createOperator({ loss = 0, least = 0.25, spread = 3, drift = 0 }, { random, sourceSize }) {
  const own = random('way')
  const ways = Float64Array.from({ length: sourceSize }, (_, unit) => own.uniform(unit))
  return {
    least,
    apply: ({ times, units, random: chance }) => ({
      keep: Uint8Array.from(times, (_, k) => (chance.uniform(k) < loss ? 0 : 1)),
      extra: Float64Array.from(times, (time, k) => {
        return least + drift * time + spread * (ways[units[k]] + chance.uniform(k, 1))
      }),
      slope: Float64Array.from(times, () => drift),
    }),
  }
}
