/**
 * What the mistakes are planted in: every arrival leaves again from its unit, `delayOf` ms later.
 *
 * @param delayOf of (weight, unit, time, number of the arrival at its unit)
 */
export function delayed({ start, end }, delayOf) {
  let pending = []
  let counts = new Float64Array(end - start)
  return {
    advance(until, { times, units, weights }) {
      times.forEach((time, k) => {
        const n = counts[units[k] - start]++
        pending.push({ time: time + delayOf(weights[k], units[k], time, n), unit: units[k] })
      })
      const due = pending.filter(({ time }) => time < until).sort((a, b) => a.time - b.time || a.unit - b.unit)
      pending = pending.filter(({ time }) => time >= until)
      return { times: due.map(({ time }) => time), units: due.map(({ unit }) => unit) }
    },
    saveState() {
      const lists = Array.from({ length: end - start }, () => [])
      for (const { time, unit } of pending) lists[unit - start].push(time)
      return { pending: lists, counts: counts.slice() }
    },
    resume(state) {
      pending = state.pending.flatMap((times, n) => Array.from(times, (time) => ({ time, unit: start + n })))
      counts = Float64Array.from(state.counts ?? counts)
    },
  }
}
