/** A kind of noise that grows. */
export interface Ladder {
  /** The setting of `--noise`. */
  readonly noise: 'jitter' | 'thresholdMismatch' | 'spikeLoss'
  /** With its unit. */
  readonly title: string
  readonly levels: readonly number[]
  /** What a level is multiplied with to be shown. */
  readonly factor: number
}

/** Of every spike, those of the input, too, between whoever sends it and each who hears it. */
export const JITTER: Ladder = {
  noise: 'jitter',
  title: 'jitter of every spike, standard deviation (ms)',
  levels: [0.1, 0.2, 0.5, 1, 2, 5],
  factor: 1,
}

export const MISMATCH: Ladder = {
  noise: 'thresholdMismatch',
  title: 'mismatch of thresholds, standard deviation (%)',
  levels: [0.01, 0.02, 0.05, 0.1, 0.2],
  factor: 100,
}

/** Of every spike, those of the input, too. */
export const LOSS: Ladder = {
  noise: 'spikeLoss',
  title: 'loss of spikes, probability (%)',
  levels: [0.02, 0.05, 0.1, 0.2, 0.4],
  factor: 100,
}
