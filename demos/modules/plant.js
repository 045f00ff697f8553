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
  return {
    advance(until, pushes) {
      const spikes = { times: [], units: [] }
      for (let k = 0; ; ) {
        const next = look * every
        if (k < pushes.times.length && pushes.times[k] < next) {
          moveTo(pushes.times[k])
          x += pushes.units[k] === 0 ? -pushes.weights[k] : pushes.weights[k]
          k++
        } else if (next < until) {
          moveTo(next)
          if (Math.abs(x) > band) {
            spikes.times.push(next)
            spikes.units.push(x > 0 ? 0 : 1)
          }
          look++
        } else return spikes
      }
    },
    nextEvent: () => look * every,
    saveState: () => ({ plant: [x, last, look] }),
    resume({ plant }) {
      ;[x, last, look] = plant
    },
  }
}
