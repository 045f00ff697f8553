import { expect, test } from 'vitest'
import { windowedGroups } from '../../../../src/actors/partition/pathways/windowed-groups.js'
import { balancedNetwork } from '../../../../src/data/balanced.js'
import { placementOf } from '../../../../src/hardware/define-placement.js'
import type { Placement } from '../../../../src/hardware/placement.js'

const network = balancedNetwork({ neurons: 100 })

/** All on core 0 but for the last block of the excitatory neurons. */
function poissonInputsWith(latencies: Placement['latencies']) {
  const whole = network.groups.map(({ name, size }) => ({ group: name, start: 0, end: size }))
  const cut = 32
  const slices = [
    whole.map((slice) => (slice.group === 'exc' ? { ...slice, start: cut } : slice)),
    [{ group: 'exc', start: 0, end: cut }],
  ]
  const groups = windowedGroups(network, placementOf(network, slices, undefined, latencies), 'simd')
  return Object.fromEntries([...groups].map(([name, { poissonInputs }]) => [name, poissonInputs.size]))
}

test('a group draws the spikes that drive it itself only where no slice of it hears them late', () => {
  const near = poissonInputsWith(undefined)
  expect(near).toEqual({ exc: 1, inh: 1 })
  const ways = (there: number, back: number) => [
    [0, there],
    [back, 0],
  ]
  expect(poissonInputsWith(ways(0, 1))).toEqual(near)
  expect(poissonInputsWith(ways(1, 0))).toEqual({ exc: 0, inh: 1 })
})
