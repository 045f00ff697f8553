/**
 * Something that falls over when it is left alone: x' = x / tau. Spikes that arrive at unit 0 push it down, those at unit 1
 * up, by their weight. Every `every` ms it is looked at: unit 0 spikes if it is too high, unit 1 if it is too low.
 *
 * x moves at pushes and looks alone, so no window can show in its bits.
 */
export function createActor({ numerics }, { tau = 40, start = 1, every = 2, band = 0.25 }) {
  let [x, last, look] = [start, 0, 1]
  const moveTo = (time) => {
    x *= numerics.exp((time - last) / tau)
    last = time
  }
  const push = (time, unit, weight) => {
    moveTo(time)
    x += unit === 0 ? -weight : weight
  }
  const lookAt = (time, spikes) => {
    moveTo(time)
    look++
    if (Math.abs(x) <= band) return
    spikes.times.push(time)
    spikes.units.push(x > 0 ? 0 : 1)
  }
  return {
    advance(until, pushes) {
      const spikes = { times: [], units: [] }
      for (let k = 0; ; ) {
        const next = look * every
        if (k < pushes.times.length && pushes.times[k] < next) {
          push(pushes.times[k], pushes.units[k], pushes.weights[k])
          k++
        } else if (next < until) lookAt(next, spikes)
        else return spikes
      }
    },
    nextEvent: () => look * every,
    saveState: () => ({ plant: [x, last, look] }),
    resume({ plant }) {
      ;[x, last, look] = plant
    },
  }
}
