import type { Task } from '../../learning/task.js'
import type { Network } from '../../network/description/network.js'
import type { Readers } from '../../network/reading/read-fields.js'
import { readPositive } from '../../network/reading/read-number.js'
import { dataSettings } from '../data-settings.js'
import { completeSettings } from '../layered/complete-settings.js'
import { LAYERED_DEFAULTS, readoutLoss } from '../layered/layered-defaults.js'
import { layeredNetwork } from '../layered/layered-network.js'
import type { LayeredOptions, LayeredSettings } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import { dataOrigin } from '../task-origin.js'
import { readSplitSizes, type SplitSizes, trainsSplits } from './split-sizes.js'
import {
  TEMPORAL_PATTERN_READERS,
  type TemporalPatternSettings,
  temporalPatternTrains,
} from './temporal-pattern-trains.js'

export interface TemporalPatternsOptions extends LayeredOptions, Partial<TemporalPatternSettings> {
  readonly sizes?: SplitSizes
  /** Length of a trial in ms. */
  readonly until?: number
}

/** The settings of the task; times in ms. */
export const TEMPORAL_PATTERNS_DEFAULTS = {
  ...LAYERED_DEFAULTS,
  hidden: 40,
  readout: 'li',
  channels: 20,
  classes: 20,
  patternSpan: 60,
  startSpan: 40,
  jitter: 4,
  deletion: 0.25,
  addition: 0.25,
  dataSeed: 1,
  sizes: { train: 5000, validation: 1000, test: 2000 },
  until: 200,
  neuron: { tauMem: 20, tauSyn: 5, threshold: 1 },
  weights: {
    input: { drive: 20, spread: 13 },
    hidden: { drive: 4, spread: 5 },
    recurrent: { drive: 0, spread: 1 },
    output: { drive: 0, spread: 3 },
  },
  /** Only with `learnDelays`. */
  delays: { input: { low: 0, high: 40 }, output: { low: 0, high: 5 } },
} as const satisfies LayeredSettings & Required<TemporalPatternsOptions>

/** Readers of the options that are not about the network. */
export const TEMPORAL_PATTERNS_DATA_READERS: Readers<Omit<TemporalPatternsOptions, keyof LayeredOptions>> =
  Object.freeze({
    ...TEMPORAL_PATTERN_READERS,
    sizes: readSplitSizes,
    until: readPositive,
  })

/**
 * The task of telling noisy spike patterns apart that begin at unknown times.
 *
 * Each of 20 classes has a template of one spike per channel within 60 ms. A sample is a template that begins
 * up to 40 ms late, each spike 4 ms (normal) off, a quarter of them missing and a quarter more added at random: what
 * tells the classes apart is when channels spike relative to each other. 20 inputs, 40 hidden neurons and a leaky
 * integrator per class by default; 5000, 1000 and 2000 samples.
 *
 * Raises `InputError` for options that cannot be.
 *
 * @example
 * const task = temporalPatterns({ learnDelays: true })
 */
export function temporalPatterns(options: TemporalPatternsOptions = {}): Task {
  const settings = settingsOf(options)
  return {
    name: 'temporal-patterns',
    origin: dataOrigin('temporalPatterns', options),
    settings: dataSettings(settings, TEMPORAL_PATTERNS_DATA_READERS),
    ...trainsSplits(settings.sizes, (split, size) => temporalPatternTrains(settings, split, size)),
    until: settings.until,
    loss: readoutLoss(settings),
    network: temporalPatternsNetwork(options),
  }
}

/** The network of the task alone. */
export function temporalPatternsNetwork(options: TemporalPatternsOptions = {}): Network {
  const settings = settingsOf(options)
  return layeredNetwork({ inputs: settings.channels, outputs: settings.classes }, settings)
}

function settingsOf(options: TemporalPatternsOptions) {
  return completeSettings(options, TEMPORAL_PATTERNS_DEFAULTS, {
    ...LAYERED_READERS,
    ...TEMPORAL_PATTERNS_DATA_READERS,
  })
}
