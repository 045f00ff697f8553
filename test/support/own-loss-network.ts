import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials, Session } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { step } from '../actors/small-networks.js'
import { trainsOf } from '../learning/trains.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Two layers and a readout, of two blocks each, so that all of them can be cut. */
export const OWN_LOSS_NETWORK = defineNetwork({
  groups: { in: source(5), hidden: lif(64, LIF), out: lif(34, LIF), read: li(34, { tauMem: 15, tauSyn: 5 }) },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) }),
    connect('hidden', 'out', dense(normal(0.3, 0.1)), { delay: 1 }),
    connect('hidden', 'read', dense(normal(0.05, 0.1))),
  ],
})

export const OWN_LOSS_TRIALS: LabelledTrials = {
  count: 3,
  until: 50,
  labels: Uint8Array.of(0, 33, 1),
  inputs: {
    in: trainsOf([
      [1, 2, 3, 4, 5].map((time, unit) => ({ time, unit })),
      [2, 2, 4, 8].map((time, unit) => ({ time, unit: 4 - unit })),
      [{ time: 30, unit: 2 }],
    ]),
  },
}

/** What a session says of a loss, and what it learns from it. Closes it. */
export async function courseWith(
  session: Session,
  loss: Loss,
  rates = { weights: 0.01, delays: 0.01, thresholds: 0.001 },
) {
  const gradient = await session.gradient(OWN_LOSS_TRIALS, loss, OWN_LOSS_TRIALS.labels)
  const steps = []
  for (let k = 0; k < 3; k++)
    steps.push(
      await session.train(OWN_LOSS_TRIALS, step({ loss, rates, bounds: { delays: [0, 10] }, silentLabelHinge: 0.5 })),
    )
  const evaluation = await session.evaluate(OWN_LOSS_TRIALS, loss)
  const state = await session.save()
  await session.close()
  return { gradient, steps: steps.map(({ diagnosis: _, ...each }) => each), evaluation, state }
}
