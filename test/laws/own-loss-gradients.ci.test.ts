import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { CHECKED_KINDS } from '../../src/testing/checked-numbers.js'
import { compareGradient } from '../../src/testing/compare-gradient.js'
import { trainsOf } from '../learning/trains.js'
import { isLong } from '../support/cases-of.js'
import { apart, areas, levels, ownFirstSpike } from '../support/own-losses.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Several spikes per neuron, recurrent. */
const network = defineNetwork({
  groups: {
    in: source(3),
    a: lif(3, { ...LIF, tauAdapt: 30, adaptStep: 0.1 }),
    out: lif(3, LIF),
    read: li(3, { tauMem: 12, tauSyn: 4 }),
  },
  projections: [
    connect('in', 'a', dense(uniform(2, 6)), { delay: perSynapse(uniform(0.5, 3)) }),
    connect('a', 'out', dense(uniform(1, 4)), { delay: 1 }),
    connect('out', 'a', dense(uniform(-1, 1)), { delay: 2 }),
    connect('a', 'read', dense(uniform(-0.5, 1)), { delay: perSynapse(uniform(0.5, 3)) }),
  ],
})
/** In short, the first one alone. */
const TRAINS = [
  [1, 2.5, 4].map((time, unit) => ({ time, unit })),
  [0.5, 3, 9].map((time, unit) => ({ time, unit: 2 - unit })),
].slice(0, isLong() ? 2 : 1)
const trials = {
  count: TRAINS.length,
  until: 32,
  inputs: {
    in: trainsOf(TRAINS),
  },
}
const labels = Uint8Array.of(1, 2).slice(0, TRAINS.length)

/** A loss whose derivatives are those of another one, but for one spike. */
const wrong = {
  ...apart.on('out'),
  evaluate: (view: never) => {
    const { gradients, ...result } = (
      apart.evaluate as (view: never) => { readonly loss: number; readonly gradients: Float64Array }
    )(view)
    return { ...result, gradients: gradients.with(0, gradients[0]! + 0.5) }
  },
} as Loss

/** A loss meets the parameters by way of spikes and voltages alone: in short, every other kind is for one loss. */
const LOSSES = [apart.on('out'), levels.on('read'), ownFirstSpike().on('out'), areas.on('read')]
const kindsFor = (k: number) =>
  isLong() ? CHECKED_KINDS : CHECKED_KINDS.filter((kind, at) => kind === 'weights' || at % LOSSES.length === k)

test.each(LOSSES.map((loss, k) => ({ name: loss.name, loss, kinds: kindsFor(k) })))(
  "the gradient of a loss of one's own is that of its difference quotients: $name",
  async ({ loss, kinds }) => {
    const checks = await compareGradient({ open, network, seed: 5, trials, loss, labels, kinds })
    for (const [kind, { failures, compared, skipped }] of checks) {
      expect({ kind, failures }).toEqual({ kind, failures: [] })
      expect(skipped.length).toBeLessThanOrEqual(compared.length / 4)
    }
    expect(checks.get('weights')!.compared.length).toBeGreaterThan(30)
  },
)

test('derivatives that are wrong are found', async () => {
  const checks = await compareGradient({ open, network, seed: 5, trials, loss: wrong, labels, kinds: ['weights'] })
  expect(checks.get('weights')!.failures.length).toBeGreaterThan(0)
})
