import type { LabelledTrials, Session, StepOptions } from '../../src/learning/session.js'
import type { Dataset, Task } from '../../src/learning/task.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { li, lif, source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse } from '../../src/network/description/projections.js'
import { ADAM, step } from '../actors/small-networks.js'
import { trainsOf } from '../learning/trains.js'

const UNTIL = 40

/** Delays of sources; of synapses; of sources, but of synapses to the readouts, as a SIMD kernel may have them. */
export type NearMissDelays = 'shared' | 'own' | 'mixed'

/** Two layers that may feel near misses, each of two blocks, with delays everywhere. */
export function nearMissNetwork(delays: NearMissDelays) {
  const [shared, own] = [perSource(uniform(0.2, 4)), perSynapse(uniform(0.2, 4))]
  const hidden = delays === 'own' ? own : shared
  const neurons = { tauMem: 10, tauSyn: 4, threshold: 1 }
  return defineNetwork({
    groups: {
      in: source(12),
      a: lif(40, { ...neurons, adaptStep: 0.1, tauAdapt: 30 }),
      b: lif(37, neurons),
      r: li(3, { tauMem: 10, tauSyn: 4 }),
    },
    projections: [
      connect('in', 'a', dense(normal(0.4, 0.6)), { delay: hidden }),
      connect('a', 'b', dense(normal(0.1, 0.3)), { delay: hidden }),
      connect('b', 'r', dense(normal(0, 0.3)), { delay: delays === 'shared' ? shared : own }),
    ],
  })
}

/** Trials of a pattern each. */
export function nearMissTrials(count: number): LabelledTrials {
  const { encode, labels } = patterns(0, count)
  return { count, until: UNTIL, inputs: encode(Uint32Array.from({ length: count }, (_, k) => k)), labels }
}

/** Patterns of the same kind to learn. */
export function nearMissTask(delays: NearMissDelays): Task {
  const [training, validation, test] = [patterns(0, 22), patterns(40, 6), patterns(60, 6)]
  const loss = { kind: 'vMax', group: 'r' } as const
  const network = nearMissNetwork(delays)
  return { name: 'near-misses', train: training, validation, test, until: UNTIL, loss, network }
}

function patterns(first: number, size: number): Dataset {
  const patternOf = (number: number) =>
    Array.from({ length: 30 }, (_, k) => ({ time: ((k * 17 + number * 5) % 61) / 2, unit: (k * 5 + number) % 12 }))
  return {
    size,
    classes: 3,
    labels: Uint8Array.from({ length: size }, (_, sample) => (first + sample) % 3),
    encode: (samples) => ({ in: trainsOf(Array.from(samples, (sample) => patternOf(first + sample))) }),
  }
}

const NEAR = { below: 0.4, fall: 0.05, strength: 0.5, dying: true }

/** Both layers feel near misses, the first one its dying spikes, too. */
export const BOTH_NEAR = { a: NEAR, b: { ...NEAR, dying: false } }

/** A step of every kind of parameters. */
export function nearMissStep(nearMiss: StepOptions['nearMiss'] = BOTH_NEAR): StepOptions {
  const rates = { weights: 0.02, delays: 0.1, thresholds: 0.01, bias: 0.01, adaptation: 0.01 }
  const loss = { kind: 'vMax', group: 'r' } as const
  return step({ optimizer: ADAM, loss, rates, ...(nearMiss === undefined ? {} : { nearMiss }) })
}

/** Three steps, of which nobody waits for the first two, and what was learned. Closes the session. */
export async function nearMissCourse(session: Session, trials: LabelledTrials, options = nearMissStep()) {
  await using used = session
  const steps = await Promise.all([1, 2, 3].map(() => used.train(trials, options)))
  const { spikes } = await used.simulate(trials)
  return { steps, spikes, state: await used.save() }
}
