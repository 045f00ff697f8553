/**
 * Izhikevich's neuron (IEEE Trans. Neural Networks 14:1569, 2003) with a synaptic current that decays.
 *
 *     v' = 0.04 v² + 5 v + 140 - u + I     u' = a (b v - u)     I' = -I / tau
 *     spike at v >= 30:  v := c, u := u + d     arrival:  I := I + weight
 *
 * Steps of Runge and Kutta have one length and begin at the last event. Whatever falls into one, an arrival or a crossing,
 * lies on the cubic through its ends: so no window can show in a bit.
 */
export function createActor({ start, end }, { a = 0.02, b = 0.2, c = -65, d = 8, tau = 3 }) {
  const H = 1 / 32
  const rest = { t: 0, v: c, u: b * c, i: 0 }
  let cells = Array.from({ length: end - start }, () => ({ ...rest }))

  const slope = ({ v, u, i }) => ({ v: 0.04 * v * v + 5 * v + 140 - u + i, u: a * (b * v - u), i: -i / tau })
  const moved = (s, k, h) => ({ t: s.t + h, v: s.v + h * k.v, u: s.u + h * k.u, i: s.i + h * k.i })
  const mean = (k, name) => (k[0][name] + 2 * k[1][name] + 2 * k[2][name] + k[3][name]) / 6

  /** The state x steps of H on, 0 <= x <= 1. */
  function stepFrom(s) {
    const k = [slope(s)]
    for (const h of [H / 2, H / 2, H]) k.push(slope(moved(s, k.at(-1), h)))
    const last = moved(s, { v: mean(k, 'v'), u: mean(k, 'u'), i: mean(k, 'i') }, H)
    const [from, to] = [k[0], slope(last)]
    const cubic = (name, x) => {
      const rise = last[name] - s[name]
      const bend = (1 - 2 * x) * rise + H * ((x - 1) * from[name] + x * to[name])
      return s[name] + x * rise + x * (x - 1) * bend
    }
    return { last, at: (x) => ({ t: s.t + x * H, v: cubic('v', x), u: cubic('u', x), i: cubic('i', x) }) }
  }

  /** Where the cubic is at 30. */
  function crossing({ at }) {
    let [low, high] = [0, 1]
    for (let k = 0; k < 50; k++) {
      const middle = (low + high) / 2
      if (at(middle).v >= 30) high = middle
      else low = middle
    }
    return at(high)
  }

  function run(n, until, arrivals, emit) {
    for (let k = 0; ; ) {
      const [cell, next] = [cells[n], arrivals[k]]
      const step = stepFrom(cell)
      const spike = step.last.v >= 30 ? crossing(step) : null
      const stop = next?.time ?? until
      if (spike !== null && spike.t < until && spike.t <= stop) {
        emit(spike.t, start + n)
        cells[n] = { ...spike, v: c, u: spike.u + d }
      } else if (spike === null && step.last.t <= stop) cells[n] = step.last
      else if (next !== undefined) {
        const reached = step.at((next.time - cell.t) / H)
        cells[n] = { ...reached, t: next.time, i: reached.i + next.weight }
        k++
      } else return
    }
  }

  return {
    advance(until, { times, units, weights }) {
      const arrivals = cells.map(() => [])
      times.forEach((time, k) => {
        arrivals[units[k] - start].push({ time, weight: weights[k] })
      })
      const spikes = []
      for (const n of cells.keys()) run(n, until, arrivals[n], (time, unit) => spikes.push({ time, unit }))
      spikes.sort((one, other) => one.time - other.time || one.unit - other.unit)
      return { times: spikes.map(({ time }) => time), units: spikes.map(({ unit }) => unit) }
    },
    saveState: () => Object.fromEntries(['t', 'v', 'u', 'i'].map((name) => [name, cells.map((cell) => cell[name])])),
    resume({ t, v, u, i }) {
      cells = cells.map((_, n) => ({ t: t[n], v: v[n], u: u[n], i: i[n] }))
    },
  }
}
