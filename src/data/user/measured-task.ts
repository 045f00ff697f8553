import type { LiIntegralLoss, Loss } from '../../learning/loss.js'
import type { Task } from '../../learning/task.js'
import { measuredTrials } from '../../learning/until-spiking/measured-trials.js'
import type { RateRange } from '../../learning/until-spiking/rate-range.js'
import { scaledIntegral } from '../../learning/until-spiking/scaled-integral.js'
import { untilSpiking } from '../../learning/until-spiking/until-spiking.js'
import { READOUT_LOSSES } from '../layered/layered-defaults.js'
import type { LayeredSettings } from '../layered/layered-options.js'

/** Samples that the scale of a loss is measured with. */
const SCORED = 16

/** What is measured of a task, and with what. */
export interface Measured {
  /** Spikes per neuron and trial that weights are scaled to; null leaves them as they are. */
  readonly rate: RateRange | null
  /** Draws weights and samples. */
  readonly seed: number
  /** Samples that weights are measured with. */
  readonly samples: number
  /** Whether the loss has the scale that is found for it. */
  readonly scaled: boolean
  /** Raises an error where there is nothing to measure weights with; default: they are measured anyhow. */
  requireSpikes?(): void
  /** What an error of measuring weights is raised as; default: as it is. */
  explained?(error: unknown): unknown
}

/**
 * The task with its network, and its loss, as they are measured once they are asked for: weights until neurons spike, and
 * then a loss on integrals until its first scores differ a little.
 */
export function measuredTask(task: Task, measured: Measured): Task {
  const { rate, seed, samples, scaled } = measured
  const network = once(() => {
    if (rate === null) return task.network
    try {
      measured.requireSpikes?.()
      return untilSpiking(task, { rate, seed, samples })
    } catch (error) {
      throw measured.explained?.(error) ?? error
    }
  })
  const loss = once(() => {
    const { loss } = task
    if (!scaled || loss.kind !== 'liIntegral') return loss
    return scaledIntegral(loss, measuredTrials({ ...task, network: network() }, { seed, samples: SCORED }), seed)
  })
  const { network: _, loss: __, ...rest } = task
  return {
    ...rest,
    get loss() {
      return loss()
    },
    get network() {
      return network()
    },
  }
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | null = null
  return () => {
    made ??= make()
    return made
  }
}

/**
 * The default loss of a user's task, before it is scaled: the output that spikes first, or has the
 * largest voltage on the whole, early voltage counting more. A maximum would be 0, and its gradient, of an output whose
 * voltage never rises.
 */
export function ownLoss(
  { readout, readoutTaus = [] }: Pick<LayeredSettings, 'readout' | 'readoutTaus'>,
  until: number,
): Loss {
  if (readout === 'lif') return READOUT_LOSSES.lif
  const integral: LiIntegralLoss = { kind: 'liIntegral', group: 'output', tau: until, scale: 1 }
  return readoutTaus.length > 1 ? { ...integral, unitsPerClass: readoutTaus.length } : integral
}
