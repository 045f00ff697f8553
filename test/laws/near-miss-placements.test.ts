import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { LabelledTrials, Session, StepOptions } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { li, lif, source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse } from '../../src/network/description/projections.js'
import { step } from '../actors/small-networks.js'
import { trainsOf } from '../learning/trains.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

const UNTIL = 40
const TRIALS = 11

function networkOf(delay: 'shared' | 'own') {
  const own = delay === 'own' ? perSynapse(uniform(0.2, 4)) : perSource(uniform(0.2, 4))
  const neurons = { tauMem: 10, tauSyn: 4, threshold: 1 }
  return defineNetwork({
    groups: {
      in: source(12),
      a: lif(40, { ...neurons, adaptStep: 0.1, tauAdapt: 30 }),
      b: lif(37, neurons),
      r: li(3, { tauMem: 10, tauSyn: 4 }),
    },
    projections: [
      connect('in', 'a', dense(normal(0.4, 0.6)), { delay: own }),
      connect('a', 'b', dense(normal(0.1, 0.3)), { delay: own }),
      connect('b', 'r', dense(normal(0, 0.3)), { delay: own }),
    ],
  })
}

const trials: LabelledTrials = {
  count: TRIALS,
  until: UNTIL,
  inputs: {
    in: trainsOf(
      Array.from({ length: TRIALS }, (_, trial) =>
        Array.from({ length: 30 }, (_, k) => ({ time: ((k * 17 + trial * 5) % 61) / 2, unit: (k * 5 + trial) % 12 })),
      ),
    ),
  },
  labels: Uint8Array.from({ length: TRIALS }, (_, trial) => trial % 3),
}

const NEAR = { below: 0.4, fall: 0.05, strength: 0.5, dying: true }

function stepWith(nearMiss: StepOptions['nearMiss']): StepOptions {
  const rates = { weights: 0.02, delays: 0.1, thresholds: 0.01, bias: 0.01, adaptation: 0.01 }
  const loss = { kind: 'vMax', group: 'r' } as const
  return step({ loss, rates, ...(nearMiss === undefined ? {} : { nearMiss }) })
}

async function courseOf(
  session: Session,
  nearMiss: StepOptions['nearMiss'] = { a: NEAR, b: { ...NEAR, dying: false } },
) {
  await using used = session
  const steps = []
  for (let k = 0; k < 3; k++) steps.push(await used.train(trials, stepWith(nearMiss)))
  const { spikes } = await used.simulate(trials)
  return { steps, spikes, parameters: await used.parameters() }
}

const KINDS = [
  ['reference', 'own'],
  ['simd', 'shared'],
] as const

describe.each(KINDS)('near misses on the %s kernel, %s delays', (kernel, delay) => {
  const network = networkOf(delay)

  test('change what is learned, and never the first step forward', async () => {
    const [felt, unfelt] = [
      await courseOf(await open(network, { seed: 0, kernel })),
      await courseOf(await open(network, { seed: 0, kernel }), {}),
    ]
    expect(felt.steps[0]!.losses).toEqual(unfelt.steps[0]!.losses)
    expect(felt.steps[0]!.gradientNorm).not.toBe(unfelt.steps[0]!.gradientNorm)
    expect(felt.parameters).not.toEqual(unfelt.parameters)
  })

  test('no placement, no order of messages and no link changes a bit', async () => {
    const whole = await courseOf(await open(network, { seed: 0, kernel }))
    await fc.assert(
      fc.asyncProperty(arbitraryPlacement(network, 3, ['a', 'b']), fc.nat(), async (placement, order) => {
        const deliver = shuffledDelivery(order)
        expectSameBits(await courseOf(await open(network, { seed: 0, kernel, placement, deliver })), whole)
        const limits = { credits: 2, maxFrame: 1000 }
        expectSameBits(
          await courseOf(await openLinked(network, placement, { seed: 0, kernel, deliver, limits })),
          whole,
        )
      }),
      { numRuns: casesOf({ short: 3, long: 30 }), seed: 2, endOnFailure: true },
    )
  })
})
