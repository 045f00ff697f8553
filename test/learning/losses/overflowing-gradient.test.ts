import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { defineLoss, linear } from '../../../src/learning/define-loss.js'
import type { LabelledTrials } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, fixedInDegree } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { step } from '../../actors/small-networks.js'
import { trainsOf } from '../trains.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const DENSE = defineNetwork({
  groups: { in: source(2), out: lif(3, LIF), read: li(1, { tauMem: 20, tauSyn: 5 }) },
  projections: [connect('in', 'out', dense(9)), connect('out', 'read', dense(1))],
})
/** Large enough for the window kernel. */
const SPARSE = defineNetwork({
  groups: { in: source(150), out: lif(150, LIF) },
  projections: [connect('in', 'out', fixedInDegree(100, 9), { delay: 1 })],
})
const TRIALS: LabelledTrials = {
  count: 2,
  until: 40,
  labels: Uint8Array.of(0, 1),
  inputs: { in: trainsOf([[{ time: 1, unit: 0 }], [{ time: 2, unit: 1 }]]) },
}

/** Of the derivatives of a trial with the label 1 each is finite, and none of the spikes' own. */
const steep = (slope: number) =>
  defineLoss({
    name: 'steep',
    observes: 'spikes',
    evaluate: ({ times, label }) => ({ loss: 1, gradients: times.map(() => (label === 1 ? slope : 1)) }),
  }).on('out')

describe.each([
  ['simd', DENSE],
  ['reference', DENSE],
  ['simd', SPARSE],
] as const)('a gradient beyond the range of a double, on the %s kernel', (kernel, network) => {
  test.each([1, 2])(
    'is refused by gradient and by every kind of step, and not learned from, on %i cores',
    async (cores) => {
      await using session = await open(network, { kernel, placement: placeOnCores(network, cores) })
      const before = await session.parameters()
      const overflow = { name: 'RunError', code: 'GRADIENT_OVERFLOW', details: { group: 'out' } }
      const loss = steep(1.7e308)
      await expect(session.gradient(TRIALS, loss, TRIALS.labels)).rejects.toMatchObject(overflow)
      const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
      for (const optimizer of [adam, { kind: 'sgd', momentum: 0 } as const])
        for (const clipNorm of [1, Infinity]) {
          const options = step({ loss, optimizer, clipNorm, rates: { weights: 0.1 } })
          await expect(session.train(TRIALS, options)).rejects.toMatchObject(overflow)
        }
      expect(await session.parameters()).toEqual(before)
      const { gradientNorm } = await session.train(TRIALS, step({ loss: steep(1), rates: { weights: 0.1 } }))
      expect(gradientNorm).toBeGreaterThan(0)
    },
  )
})

test('the loss of the package that overflows is refused as well', async () => {
  await using session = await open(DENSE)
  const loss = linear('out', [1.7e308, 1.7e308, 1.7e308])
  await expect(session.train(TRIALS, step({ loss, rates: { weights: 0.1 } }))).rejects.toMatchObject({
    code: 'GRADIENT_OVERFLOW',
  })
})

describe('a gradient all of whose parts are finite, and whose sum is none,', () => {
  const loss = defineLoss({
    name: 'steep',
    observes: 'maxima',
    evaluate: ({ maxima }) => ({ loss: 1, gradients: maxima.map(() => 1.7e308) }),
  }).on('read')
  const many: LabelledTrials = {
    count: 60,
    until: 40,
    labels: new Uint8Array(60),
    inputs: { in: trainsOf(Array.from({ length: 60 }, () => [{ time: 1, unit: 0 }])) },
  }
  const network = defineNetwork({
    groups: { in: source(2), read: li(1, { tauMem: 20, tauSyn: 5 }) },
    projections: [connect('in', 'read', dense(1))],
  })

  test.each(['simd', 'reference'] as const)('is refused by its place, on the %s kernel', async (kernel) => {
    await using session = await open(network, { kernel })
    await expect(session.gradient(many, loss)).rejects.toMatchObject({
      code: 'GRADIENT_OVERFLOW',
      details: { projection: 'in->read', array: 'weights', entry: 0 },
    })
    const training = session.train(many, step({ loss, rates: { weights: 0.1 } }))
    await expect(training).rejects.toMatchObject({
      code: 'GRADIENT_NOT_FINITE',
      message: expect.stringContaining('beyond the range of a double. Too large is that by the weights of "read".'),
    })
  })
})
