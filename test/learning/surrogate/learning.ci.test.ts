import { expect, test } from 'vitest'
import { yinYang } from '../../../src/data/yin-yang.js'
import { spikeCount, vMax } from '../../../src/learning/define-loss.js'
import type { Loss } from '../../../src/learning/loss.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import type { ParameterKind } from '../../../src/learning/session.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { type Epoch, train } from '../../../src/learning/train.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const hidden = lif(40, NEURON)

const direct = defineNetwork({
  groups: { input: source(5), hidden, output: li(3, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect('input', 'hidden', dense(normal(1.5, 0.8))),
    connect('hidden', 'output', dense(normal(0, 0.3))),
  ],
})

const delayed = defineNetwork({
  groups: { input: source(5), hidden: lif(20, NEURON), output: li(3, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect('input', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 10)) }),
    connect('hidden', 'hidden', dense(normal(0, 0.2)), { delay: 1 }),
    connect('hidden', 'output', dense(normal(0, 0.3))),
  ],
})

const spiking = defineNetwork({
  groups: { input: source(5), hidden, output: lif(3, NEURON) },
  projections: [
    connect('input', 'hidden', dense(normal(1.5, 0.8))),
    connect('hidden', 'output', dense(normal(1, 0.3))),
  ],
})

async function lastEpoch(network: Network, loss: Loss, learn: readonly ParameterKind[]): Promise<Epoch> {
  const task = { ...yinYang({ biasSpike: true }), network, loss, until: 50 }
  await using session = openSurrogate(network, { seed: 1, dt: 1, slope: 5 })
  let last: Epoch | null = null
  for await (const epoch of train(session, task, { optimizer: adam({ learningRate: 0.02 }), epochs: 2, learn }))
    last = epoch
  return last as unknown as Epoch
}

/** Chance is 1/3. */
test.each<readonly [string, Network, Loss, readonly ParameterKind[], number]>([
  ['into a readout', direct, vMax('output'), ['weights'], 0.8],
  ['with delays and a cycle', delayed, vMax('output'), ['weights', 'delays', 'thresholds'], 0.8],
  ['with spikes that are counted', spiking, spikeCount('output'), ['weights', 'bias'], 0.6],
])('Yin-Yang is learned %s', async (_, network, loss, learn, least) => {
  const { validationAccuracy, silentFraction, gradientNorm, grazing } = await lastEpoch(network, loss, learn)
  expect(validationAccuracy).toBeGreaterThan(least)
  expect(silentFraction).toBeLessThan(0.95)
  expect(gradientNorm).toBeGreaterThan(0)
  expect(grazing).toBe(0)
})
