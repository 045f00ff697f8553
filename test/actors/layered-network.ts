import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'

export const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Three blocks of neurons in two layers; some spikes per neuron on `TRIALS`. */
export const NETWORK = defineNetwork({
  groups: { in: source(5), hidden: lif(64, LIF), out: lif(3, LIF) },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) }),
    connect('hidden', 'out', dense(normal(0.3, 0.1)), { delay: 1 }),
  ],
})

export const TRIALS = {
  count: 2,
  until: 50,
  inputs: {
    in: trainsOf([
      [1, 2, 3, 4, 5].map((time, unit) => ({ time, unit })),
      [2, 2, 4, 8].map((time, unit) => ({ time, unit: 4 - unit })),
    ]),
  },
}
