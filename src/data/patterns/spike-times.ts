import { InputError } from '../../events/errors.js'
import type { SpikeTimesLoss, VanRossumLoss } from '../../learning/loss.js'
import type { Task } from '../../learning/task.js'
import type { Network } from '../../network/description/network.js'
import type { Readers } from '../../network/reading/read-fields.js'
import { readPositive } from '../../network/reading/read-number.js'
import { wordOf } from '../../network/reading/read-value.js'
import { dataSettings } from '../data-settings.js'
import { completeSettings } from '../layered/complete-settings.js'
import { LAYERED_DEFAULTS } from '../layered/layered-defaults.js'
import { layeredNetwork } from '../layered/layered-network.js'
import type { LayeredOptions, LayeredSettings } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import { dataOrigin } from '../task-origin.js'
import { readSplitSizes, type SplitSizes, trainsSplits } from './split-sizes.js'
import {
  TIMED_PATTERN_READERS,
  type TimedPatternSettings,
  timedPatternTargets,
  timedPatternTrains,
} from './timed-patterns.js'

export interface SpikeTimesOptions extends LayeredOptions, Partial<TimedPatternSettings> {
  readonly sizes?: SplitSizes
  /** Length of a trial in ms; no shorter than the window of the targets. */
  readonly until?: number
  /** What is made small: squared deviations of spikes from their targets, or the distance of the trains. */
  readonly lossKind?: (SpikeTimesLoss | VanRossumLoss)['kind']
  /** Of the loss, in ms. */
  readonly lossTau?: number
}

/** The settings of the task; times in ms. */
export const SPIKE_TIMES_DEFAULTS = {
  ...LAYERED_DEFAULTS,
  hidden: 60,
  readout: 'lif',
  patterns: 10,
  inputs: 20,
  outputs: 5,
  inputSpan: 20,
  targetWindow: { from: 15, to: 35 },
  jitter: 0,
  dataSeed: 1,
  sizes: { train: 200, validation: 10, test: 10 },
  until: 50,
  lossKind: 'spikeTimes',
  lossTau: 10,
  neuron: { tauMem: 20, tauSyn: 5, threshold: 1 },
  weights: {
    input: { drive: 14, spread: 4 },
    hidden: { drive: 10, spread: 5 },
    recurrent: { drive: 0, spread: 1 },
    output: { drive: 8, spread: 4 },
  },
  /** Only with `learnDelays`. */
  delays: { input: { low: 0, high: 10 }, output: { low: 0, high: 10 } },
} as const satisfies LayeredSettings & Required<SpikeTimesOptions>

/** Readers of the options that are not about the network. */
export const SPIKE_TIMES_DATA_READERS: Readers<Omit<SpikeTimesOptions, keyof LayeredOptions>> = Object.freeze({
  ...TIMED_PATTERN_READERS,
  sizes: readSplitSizes,
  until: readPositive,
  lossKind: wordOf(['spikeTimes', 'vanRossum']),
  lossTau: readPositive,
})

/**
 * The task of spiking at given times.
 *
 * Ten patterns of one spike per input unit within 20 ms, five output neurons; for every pattern each output shall spike
 * once at a time of its own, drawn from [15, 35) ms. How well it does is the `timing` of `evaluateSplit`; its prediction is
 * the pattern whose targets are nearest. 20 inputs and 60 hidden neurons by default; an epoch shows each pattern 20 times.
 *
 * Raises `InputError` for options that cannot be.
 *
 * @example
 * const task = spikeTimes({ patterns: 4, jitter: 0.5, learnDelays: true })
 */
export function spikeTimes(options: SpikeTimesOptions = {}): Task {
  const settings = settingsOf(options)
  return {
    name: 'spike-times',
    origin: dataOrigin('spikeTimes', options),
    settings: dataSettings(settings, SPIKE_TIMES_DATA_READERS),
    ...trainsSplits(settings.sizes, (split, size) => timedPatternTrains(settings, split, size)),
    until: settings.until,
    loss: {
      kind: settings.lossKind,
      group: 'output',
      tau: settings.lossTau,
      targets: timedPatternTargets(settings),
    },
    network: spikeTimesNetwork(options),
  }
}

/** The network of the task alone. */
export function spikeTimesNetwork(options: SpikeTimesOptions = {}): Network {
  const settings = settingsOf(options)
  return layeredNetwork({ inputs: settings.inputs, outputs: settings.outputs }, settings)
}

function settingsOf(options: SpikeTimesOptions) {
  const settings = completeSettings<SpikeTimesOptions>(options, SPIKE_TIMES_DEFAULTS, {
    ...LAYERED_READERS,
    ...SPIKE_TIMES_DATA_READERS,
  })
  const { readout, targetWindow, until } = settings
  if (readout !== 'lif') throw outOfRange('readout', JSON.stringify(readout), '"lif": only neurons spike at times')
  if (targetWindow.from >= targetWindow.to || targetWindow.to > until)
    throw outOfRange(
      'targetWindow',
      JSON.stringify(targetWindow),
      `"from" below "to", and "to" no later than ${until} ms`,
    )
  return settings
}

function outOfRange(name: string, found: string, expected: string): InputError {
  return new InputError({ code: 'OPTION_OUT_OF_RANGE', field: `options.${name}`, found, expected })
}
