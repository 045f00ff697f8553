/**
 * Every arrival leaves again from the unit it came to, `hold` ms and the square of its weight later.
 *
 *     t' = t + hold + w²     dt'/dt = 1     dt'/dw = 2 w
 */
export function createActor({ start, end }, { hold = 1 }) {
  let pending = []
  const tape = []
  return {
    advance(until, { times, units, weights }) {
      const arrived = Array.from(times, (time, k) => {
        return { time: time + hold + weights[k] * weights[k], unit: units[k], weight: weights[k], gradient: 0 }
      })
      pending.push(...arrived)
      const due = pending.filter(({ time }) => time < until).sort((a, b) => a.time - b.time || a.unit - b.unit)
      pending = pending.filter(({ time }) => time >= until)
      tape.push({ arrived, due })
      return { times: due.map(({ time }) => time), units: due.map(({ unit }) => unit) }
    },
    nextEvent: () => pending.reduce((next, { time }) => Math.min(next, time), Number.POSITIVE_INFINITY),
    backward(gradients) {
      const { arrived, due } = tape.pop()
      due.forEach((spike, k) => {
        spike.gradient = gradients[k]
      })
      return {
        times: arrived.map(({ gradient }) => gradient),
        weights: arrived.map(({ gradient, weight }) => 2 * weight * gradient),
      }
    },
    saveState() {
      const lists = Array.from({ length: end - start }, () => [])
      for (const { time, unit } of pending) lists[unit - start].push(time)
      return { pending: lists }
    },
    resume(state) {
      pending = state.pending.flatMap((times, n) => Array.from(times, (time) => ({ time, unit: start + n })))
    },
  }
}
