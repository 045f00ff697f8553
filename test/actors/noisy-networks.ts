import type { DeviceNoise, NoiseOptions } from '../../src/learning/noise/device-noise.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse, synapses } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { type Spike, trainsOf } from '../learning/trains.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** ArrivalSharing-forward, every kind of delay, a list of synapses; spikes several times per neuron on `NOISY_TRIALS`. */
export function noisyLayers(hidden = 6, out = 3) {
  return defineNetwork({
    groups: { in: source(4), hidden: lif(hidden, { ...LIF, tauAdapt: 30, adaptStep: 0.1 }), out: lif(out, LIF) },
    projections: [
      connect('in', 'hidden', dense(normal(4, 1)), { delay: perSynapse(uniform(0.5, 5)) }),
      connect('in', 'out', synapses([0, 1, 2].map((unit) => [unit, unit % out, 2] as const)), { delay: 0.7 }),
      connect('hidden', 'out', dense(normal(10 / hidden, 2 / hidden)), { delay: perSource(uniform(0.5, 2)) }),
    ],
  })
}

/** The same for the readout of voltages. */
export function noisyReadout(hidden = 6) {
  return defineNetwork({
    groups: { in: source(4), hidden: lif(hidden, LIF), out: li(3, { tauMem: 15, tauSyn: 6 }) },
    projections: [
      connect('in', 'hidden', dense(normal(4, 1)), { delay: perSynapse(uniform(0.5, 5)) }),
      connect('hidden', 'out', dense(normal(0.5, 0.3))),
    ],
  })
}

/** Recurrent: a hidden group that projects onto itself and hears from the output. */
export function noisyCycles(hidden = 6, delay = 2) {
  return defineNetwork({
    groups: { in: source(4), hidden: lif(hidden, LIF), out: lif(3, LIF) },
    projections: [
      connect('in', 'hidden', dense(normal(4, 1)), { delay: 1 }),
      connect('hidden', 'out', dense(normal(10 / hidden, 2 / hidden)), { delay: perSource(uniform(delay, 2 * delay)) }),
      connect('hidden', 'hidden', dense(normal(-2 / hidden, 1 / hidden)), {
        delay: perSynapse(uniform(delay, 2 * delay)),
      }),
      connect('out', 'hidden', dense(-0.5), { delay }),
    ],
  })
}

const trial = (shift: number): Spike[] =>
  [1, 4, 9, 15].flatMap((time): Spike[] =>
    [0, 1, 2, 3].map((unit) => ({ time: time + shift + 0.3 * unit, unit: (unit + shift) % 4 })),
  )

export const NOISY_TRIALS = { count: 3, until: 45, inputs: { in: trainsOf([trial(0), trial(1), trial(2)]) } }
export const NOISY_LABELS = Uint8Array.of(0, 1, 2)

/** Everything a device can do, none of it rounded. */
export const SMOOTH: DeviceNoise = {
  seed: 5,
  jitter: { in: 0.2, hidden: 0.1, 'hidden->out': 0.05 },
  spikeLoss: { hidden: 0.1, 'in->hidden': 0.05 },
  weightMismatch: { relative: 0.1, absolute: 0.01 },
  thresholdMismatch: 0.05,
  delayMismatch: { relative: 0.1, absolute: 0.02 },
}

/** The same with what is rounded. */
export const ROUNDED: DeviceNoise = {
  ...SMOOTH,
  weightBits: 6,
  delayStep: 0.25,
  delayMin: 0.5,
  delayMax: 8,
  thresholdBits: 7,
  readoutJitter: 0.1,
}

/** With dropout, whose scale is part of the gradient. */
export const DROPPING = {
  dropout: { seed: 3, rates: { in: 0.1, hidden: 0.2 }, scale: 'inverted' },
  draw: 4,
  firstTrial: 2,
} satisfies NoiseOptions
