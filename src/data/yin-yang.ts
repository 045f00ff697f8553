import type { Task } from '../learning/task.js'
import type { Network } from '../network/description/network.js'
import type { Readers } from '../network/reading/read-fields.js'
import { readPositive } from '../network/reading/read-number.js'
import { dataSettings } from './data-settings.js'
import { completeSettings } from './layered/complete-settings.js'
import { LAYERED_DEFAULTS, READOUT_LOSSES, readoutLoss } from './layered/layered-defaults.js'
import { layeredNetwork } from './layered/layered-network.js'
import type { LayeredOptions, LayeredSettings } from './layered/layered-options.js'
import { LAYERED_READERS } from './layered/layered-readers.js'
import { dataOrigin } from './task-origin.js'
import { createYinYangDataset, ENCODING_READERS, yinYangInputSize } from './yin-yang-dataset.js'
import { YIN_YANG_CLASSES } from './yin-yang-disc.js'
import { YIN_YANG_SPLITS, yinYangPoints } from './yin-yang-points.js'

export interface YinYangOptions extends LayeredOptions {
  /** Adds an input unit that spikes at 0 in every trial. */
  readonly biasSpike?: boolean
  /** Time in ms of the spike that stands for a feature of 1. */
  readonly inputSpan?: number
  /** Length of a trial in ms. */
  readonly until?: number
}

/** The settings of the task; times in ms. */
export const YIN_YANG_DEFAULTS = {
  ...LAYERED_DEFAULTS,
  hidden: 120,
  readout: 'lif',
  biasSpike: false,
  inputSpan: 30,
  until: 100,
  neuron: { tauMem: 20, tauSyn: 5, threshold: 1 },
  weights: {
    input: { mean: 2.5, std: 1.5 },
    hidden: { drive: 6, spread: 6 },
    recurrent: { drive: 0, spread: 1 },
    output: { drive: 100, spread: 5.5 },
  },
  /** Only with `learnDelays`. */
  delays: { input: { low: 0, high: 10 } },
  loss: READOUT_LOSSES.lif,
} as const satisfies LayeredSettings & YinYangOptions & { loss: unknown }

/** Readers of the options that are not about the network. */
export const YIN_YANG_DATA_READERS: Readers<Omit<YinYangOptions, keyof LayeredOptions>> = Object.freeze({
  ...ENCODING_READERS,
  until: readPositive,
})

/** The options with every default filled in; raises `InputError` for what they cannot be. */
export function yinYangSettings(options: YinYangOptions = {}): LayeredSettings & Required<YinYangOptions> {
  const { loss: _, ...defaults } = YIN_YANG_DEFAULTS
  return completeSettings<YinYangOptions>(options, defaults, { ...LAYERED_READERS, ...YIN_YANG_DATA_READERS })
}

/**
 * The Yin-Yang task: tell the halves and the dots of a yin-yang disc apart by the output that spikes first.
 *
 * Input unit i spikes at inputSpan · (x, y, 1 - x, 1 - y)[i] ms; groups `input`, `hidden` and `output`; the
 * published splits of 5000, 1000 and 1000 points.
 *
 * Raises the `InputError`s of `yinYangSettings`.
 *
 * @example
 * const task = yinYang({ hidden: 30, learnDelays: true })
 *
 * Source: Kriener, Göltz & Petrovici 2022 (arXiv 2102.08211); loss: Göltz et al. 2021 (Nat. Mach. Intell. 3:823).
 */
export function yinYang(options: YinYangOptions = {}): Task {
  const settings = yinYangSettings(options)
  const split = (name: keyof typeof YIN_YANG_SPLITS) =>
    createYinYangDataset(yinYangPoints(YIN_YANG_SPLITS[name]), settings)
  return {
    name: 'yin-yang',
    origin: dataOrigin('yinYang', options),
    settings: dataSettings(settings, YIN_YANG_DATA_READERS),
    train: split('train'),
    validation: split('validation'),
    test: split('test'),
    until: settings.until,
    loss: readoutLoss(settings),
    network: yinYangNetwork(options),
  }
}

/** The network of the task alone. */
export function yinYangNetwork(options: YinYangOptions = {}): Network {
  const settings = yinYangSettings(options)
  return layeredNetwork({ inputs: yinYangInputSize(settings), outputs: YIN_YANG_CLASSES.length }, settings)
}
