/** Every arrival leaves again from its unit, after a time that the unit draws for it. */
export function createActor({ start, end, random, trial }) {
  const streams = Array.from({ length: end - start }, (_, n) => random(start + n))
  const counts = new Float64Array(end - start)
  let pending = []
  return {
    advance(until, { times, units }) {
      times.forEach((time, k) => {
        const n = units[k] - start
        pending.push({ time: time + 1 + streams[n].uniform(counts[n]++) + 0.1 * (trial % 2), unit: units[k] })
      })
      const due = pending.filter(({ time }) => time < until).sort((a, b) => a.time - b.time || a.unit - b.unit)
      pending = pending.filter(({ time }) => time >= until)
      return { times: due.map(({ time }) => time), units: due.map(({ unit }) => unit) }
    },
  }
}
