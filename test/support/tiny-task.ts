import type { Dataset, Task } from '../../src/learning/task.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

/** Which of two inputs came first; small enough to train in no time. */
export function tinyTask(): Task {
  const leaky = { tauMem: 10, tauSyn: 5, threshold: 1 }
  return {
    name: 'tiny',
    train: dataset(24),
    validation: dataset(6),
    test: dataset(35),
    until: 40,
    loss: { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
    network: defineNetwork({
      groups: { input: source(2), hidden: lif(5, { ...leaky, adaptStep: 0.1 }), out: lif(2, leaky) },
      projections: [
        connect('input', 'hidden', dense(normal(4, 1)), { delay: perSynapse(uniform(0, 3)) }),
        connect('hidden', 'out', dense(normal(3, 1))),
      ],
    }),
  }
}

function dataset(size: number): Dataset {
  const labels = Uint8Array.from({ length: size }, (_, sample) => sample % 2)
  return {
    size,
    classes: 2,
    labels,
    encode: (samples) => ({
      input: {
        offsets: Uint32Array.from({ length: samples.length + 1 }, (_, trial) => 2 * trial),
        times: Float64Array.from([...samples].flatMap((sample) => [sample / 10, 5 + sample / 10])),
        units: Uint32Array.from([...samples].flatMap((sample) => (sample % 2 === 0 ? [0, 1] : [1, 0]))),
      },
    }),
  }
}
