import { expect, test } from 'vitest'
import { defineLoss } from '../../../src/learning/define-loss.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { trainsOf } from '../trains.js'

const NETWORK = defineNetwork({
  groups: { in: source(3), read: li(5, { tauMem: 15, tauSyn: 5 }) },
  projections: [connect('in', 'read', dense(normal(1, 1)))],
})

const TRIALS = {
  count: 2,
  until: 16,
  labels: Uint8Array.of(0, 1),
  inputs: {
    in: trainsOf([[1, 6, 11].map((time, unit) => ({ time, unit })), [2, 3].map((time, unit) => ({ time, unit }))]),
  },
}

// No two units and points have the same share, so that it shows to which of them it is given.
test.each(['maxima', 'integral'] as const)(
  'shares are given to the points that a loss says them of: L = sum of w dL/dw where L is linear in V: %s',
  async (observes) => {
    const shareOf = (k: number) => 1 + ((7 * k) % 11) + k / 100
    const linear = defineLoss({
      ...{ name: 'linear', observes, evaluate: () => ({ loss: null }) },
      evaluateOnGrid: ({ voltages }: { readonly voltages: Float64Array }) => ({
        loss: voltages.reduce((sum, voltage, k) => sum + shareOf(k) * voltage, 0),
        gradients: Float64Array.from(voltages, (_, k) => shareOf(k)),
      }),
    } as Parameters<typeof defineLoss>[0])
    await using session = openSurrogate(NETWORK, { seed: 3, dt: 0.5 })
    const { losses, gradients } = await session.gradient(TRIALS, linear.on('read') as never)
    const { projections } = await session.parameters()
    const [slopes, weights] = [gradients.projections['in->read']!.weights, projections['in->read']!.weights]
    const total = losses.reduce<number>((sum, loss) => sum + (loss ?? 0), 0)
    expect(Math.abs(total)).toBeGreaterThan(1)
    const found = slopes.reduce((sum, slope, k) => sum + slope * weights[k]!, 0)
    // Grids are computed in single precision.
    expect(Math.abs(found - total)).toBeLessThan(1e-6 * Math.abs(total))
  },
)
