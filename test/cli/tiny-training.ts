import { TRIAL_CHUNK } from '../../src/dynamics/parameters/trial-sum.js'

/** A preset whose trainings take 10 ms per epoch and draw two small pictures. */
export const TINY_PRESET = {
  format: 'antidrome-preset',
  version: 1,
  task: 'temporal-patterns',
  network: { hidden: [6] },
  data: { classes: 3, channels: 5, until: 70, sizes: { train: 12, validation: 3, test: 3 } },
  training: { learn: ['weights', 'delays'], epochs: 2, batch: 6, optimizer: { kind: 'adam', learningRate: 0.01 } },
}

/** The same with mini-batches that this number of replicas can share: each has a chunk of trials for every one. */
export function tinyPresetFor(replicas: number): object {
  const batch = TINY_PRESET.training.batch + TRIAL_CHUNK * (replicas - 1)
  const sizes = { ...TINY_PRESET.data.sizes, train: 2 * batch }
  return { ...TINY_PRESET, data: { ...TINY_PRESET.data, sizes }, training: { ...TINY_PRESET.training, batch } }
}

/** A preset by which two patterns of spike times are learned within 12 epochs. */
export const SPIKE_TIMES = {
  format: 'antidrome-preset',
  version: 1,
  task: 'spike-times',
  network: { hidden: 40 },
  data: { patterns: 2, outputs: 2, sizes: { train: 20, validation: 2, test: 2 } },
  training: {
    learn: ['weights', 'delays', 'thresholds'],
    epochs: 12,
    batch: 2,
    optimizer: { kind: 'adam', learningRate: 0.05 },
    rates: { weights: 0.05, delays: 0.5, thresholds: 0.0125 },
    bounds: { delays: [0, 20] },
    silentLabelHinge: 1,
    silentWeightStep: { hidden: 0.01 },
  },
}
