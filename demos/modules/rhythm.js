// A loss of one's own: every unit of a group shall spike with a steady rhythm.
import { defineLoss } from 'antidrome'

/** 1/2 sum over neighbouring spikes of a unit of ((t_next - t - interval) / interval)^2; interval in ms. */
export function createLoss({ interval }) {
  return defineLoss({
    name: 'rhythm',
    observes: 'spikes',
    evaluate({ times, units, size }) {
      const gradients = new Float64Array(times.length)
      const last = new Int32Array(size).fill(-1)
      let loss = 0
      units.forEach((unit, k) => {
        const before = last[unit]
        last[unit] = k
        if (before < 0) return
        const off = (times[k] - times[before]) / interval - 1
        loss += 0.5 * off * off
        gradients[k] += off / interval
        gradients[before] -= off / interval
      })
      return { loss, gradients }
    },
  })
}
