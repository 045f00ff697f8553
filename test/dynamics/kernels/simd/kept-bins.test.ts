import { expect, test } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { randomTrains } from '../../../support/window-case.js'
import { kernelFor, WHOLE } from '../kernel-for.js'

const SOURCES = 80
/** Longer than two spans of the factors of spikes, which are 256 ms where the shorter time constant is 5 ms. */
const UNTIL = 600
const TRIALS = 2

// What lies in bins that stay from window to window is compared with bins that are made anew for a whole trial.
test.each([
  ['a tauSyn of tauMem / 4', 20, 0.3],
  ['equal time constants', 5, 0.12],
])('no window changes a bit of what arrives over delays of its own, with %s', (_, tauMem, mean) => {
  const network = defineNetwork({
    groups: { in: source(SOURCES), x: lif(11, { tauMem, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'x', dense(normal(mean, 0.25)), { delay: perSynapse(uniform(0, 70)) })],
  })
  const input = randomTrains(SOURCES, 0.015, UNTIL, TRIALS, 'kept bins')
  const spikesIn = (width: number) => {
    const isWhole = width === UNTIL
    const kernel = kernelFor(network, 'x', 'simd')
    kernel.begin({ ...WHOLE, trials: TRIALS, until: UNTIL, gradients: false, whole: isWhole })
    kernel.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: UNTIL }, ...input })
    const spikes: [trial: number, time: number, unit: number][] = []
    for (let k = 1; (k - 1) * width < UNTIL; k++) {
      const horizon = Math.min(k * width, UNTIL)
      const { offsets, times, units } = kernel.advance(horizon, horizon)
      for (let trial = 0; trial < TRIALS; trial++)
        for (let at = offsets[trial] as number; at < (offsets[trial + 1] as number); at++)
          spikes.push([trial, times[at] as number, units[at] as number])
    }
    return spikes.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
  }
  const whole = spikesIn(UNTIL)
  expect(whole.filter(([, time]) => time > 260).length).toBeGreaterThan(100)
  for (const width of [0.9, 7, 45]) expect(spikesIn(width), `windows of ${width} ms`).toEqual(whole)
})
