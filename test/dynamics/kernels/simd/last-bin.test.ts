import { expect, test } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { nextUp } from '../../../../src/numerics/neighbours.js'
import { randomTrains } from '../../../support/window-case.js'
import { kernelFor, WHOLE } from '../kernel-for.js'

const SOURCES = 80
const network = defineNetwork({
  groups: { in: source(SOURCES), x: lif(11, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'x', dense(normal(0.2, 0.3)), { delay: perSynapse(uniform(0, 8)) })],
})
const input = randomTrains(SOURCES, 0.03, 40, 1, 'last bin')

function spikesUntil(until: number) {
  const kernel = kernelFor(network, 'x', 'simd')
  kernel.begin({ ...WHOLE, until, gradients: false })
  kernel.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: until }, ...input })
  return kernel.advance(until, until)
}

test('a trial that ends inside a bin of the grid of delays has the spikes before its end, and no others', () => {
  const whole = spikesUntil(100)
  expect(whole.times.length).toBeGreaterThan(30)
  // Ends at a spike, right behind it, and a little before and after: often in the bin of the spike, wherever that begins.
  const picked = [...whole.times].filter((_, k) => k % 3 === 0)
  for (const until of picked.flatMap((time) => [time, nextUp(time), time - 0.02, time + 0.02])) {
    const { times, units } = spikesUntil(until)
    const count = whole.times.filter((time) => time < until).length
    expect([...times], `until ${until}`).toEqual([...whole.times.subarray(0, count)])
    expect([...units], `until ${until}`).toEqual([...whole.units.subarray(0, count)])
  }
})
