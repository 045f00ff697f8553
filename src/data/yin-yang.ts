import type { FirstSpikeLoss } from '../learning/loss.js'
import type { Task } from '../learning/task.js'
import { defineNetwork } from '../network/define-network.js'
import { lif, source } from '../network/groups.js'
import { normal, uniform } from '../network/initializers.js'
import type { Network } from '../network/network.js'
import { connect, dense, perSynapse } from '../network/projections.js'
import { withoutUndefined } from '../network/reading/without-undefined.js'
import { createYinYangDataset, yinYangInputSize } from './yin-yang-dataset.js'
import { YIN_YANG_CLASSES } from './yin-yang-disc.js'
import { YIN_YANG_SPLITS, yinYangPoints } from './yin-yang-points.js'

/** The settings of the task; times in ms. */
export const YIN_YANG_DEFAULTS = {
  hidden: 120,
  learnDelays: false,
  adaptation: false,
  biasSpike: false,
  inputSpan: 30,
  until: 100,
  neuron: { tauMem: 20, tauSyn: 5, threshold: 1 },
  /** Only with `adaptation`. */
  adaptive: { adaptStep: 0.1, tauAdapt: 20 },
  /** Normal, input to hidden. */
  hiddenWeights: { mean: 2.5, std: 1.5 },
  /**
   * Normal, hidden to output: mean = drive / hidden and std = spread / sqrt(hidden), which keeps the sum over the
   * hidden neurons alike whatever their number.
   */
  outputWeights: { drive: 100, spread: 5.5 },
  /** Uniform, input to hidden, one per synapse; only with `learnDelays`. */
  delays: { low: 0, high: 10 },
  loss: { kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0.003, tau1: 6.4 } satisfies FirstSpikeLoss,
} as const

export interface YinYangOptions {
  /** Number of hidden neurons. */
  readonly hidden?: number
  /** Gives every synapse from input to hidden a delay of its own. */
  readonly learnDelays?: boolean
  /** Lets the thresholds of the hidden neurons adapt. */
  readonly adaptation?: boolean
  /** Adds an input unit that spikes at 0 in every trial. */
  readonly biasSpike?: boolean
  /** Initial weights from input to hidden, normal. */
  readonly hiddenWeights?: { readonly mean: number; readonly std: number }
  /** Initial weights from hidden to output, normal: mean = drive / hidden, std = spread / sqrt(hidden). */
  readonly outputWeights?: { readonly drive: number; readonly spread: number }
}

/**
 * The Yin-Yang task: tell the halves and the dots of a yin-yang disc apart by the output that spikes first.
 *
 * Input unit i spikes at inputSpan · (x, y, 1 - x, 1 - y)[i] ms; groups `input`, `hidden` and `output`; the
 * published splits of 5000, 1000 and 1000 points.
 *
 * @example
 * const task = yinYang({ hidden: 30, learnDelays: true })
 *
 * Source: Kriener, Göltz & Petrovici 2022 (arXiv 2102.08211); loss: Göltz et al. 2021 (Nat. Mach. Intell. 3:823).
 */
export function yinYang(options: YinYangOptions = {}): Task {
  const settings = { ...YIN_YANG_DEFAULTS, ...withoutUndefined(options) }
  const split = (name: keyof typeof YIN_YANG_SPLITS) =>
    createYinYangDataset(yinYangPoints(YIN_YANG_SPLITS[name]), settings)
  return {
    name: 'yin-yang',
    train: split('train'),
    validation: split('validation'),
    test: split('test'),
    until: settings.until,
    loss: settings.loss,
    network: yinYangNetwork(settings),
  }
}

type Settings = Omit<typeof YIN_YANG_DEFAULTS, keyof YinYangOptions> & Required<YinYangOptions>

function yinYangNetwork(settings: Settings): Network {
  const { hidden, neuron, adaptive, hiddenWeights, outputWeights, delays } = settings
  return defineNetwork({
    groups: {
      input: source(yinYangInputSize(settings)),
      hidden: lif(hidden, settings.adaptation ? { ...neuron, ...adaptive } : neuron),
      output: lif(YIN_YANG_CLASSES.length, neuron),
    },
    projections: [
      connect(
        'input',
        'hidden',
        dense(normal(hiddenWeights.mean, hiddenWeights.std)),
        settings.learnDelays ? { delay: perSynapse(uniform(delays.low, delays.high)) } : {},
      ),
      connect(
        'hidden',
        'output',
        dense(normal(outputWeights.drive / hidden, outputWeights.spread / Math.sqrt(hidden))),
      ),
    ],
  })
}
