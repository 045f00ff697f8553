import { evaluateSplit, type SplitResult } from '../../learning/evaluate-split.js'
import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import type { Session } from '../../learning/session.js'
import { type Spread, spreadOf } from '../../learning/spread.js'
import type { Task } from '../../learning/task.js'
import type { FormatsRecord } from '../chip/flags/chip-device.js'
import { type TimingRecord, timingRecord } from '../timing-record.js'
import type { FormatAccuracies } from './evaluate-formats.js'

/** The splits of a task that one may be measured on. */
export type Split = 'validation' | 'test'

export interface EvaluationRequest {
  readonly split: Split
  readonly batch: number
  /** Null: none, and one draw. */
  readonly noise: NoiseChoice | null
  /** Of the first draw's device, if the noise does not say; the others count on from it. */
  readonly seed: number
  /** Number of devices. */
  readonly draws: number
}

/** A network on one device. */
export interface DrawResult extends TimingRecord {
  /** 0, 1, … */
  readonly draw: number
  /** Seed of the device; null without noise. */
  readonly noiseSeed: number | null
  /** 0 to 1. */
  readonly accuracy: number
  readonly loss: number | null
  readonly silentFraction: number
  readonly silentLabelFraction: number
  /** Of hidden neurons, per sample. */
  readonly hiddenSpikes: number
}

/** A network on several devices. */
export interface EvaluationSummary {
  readonly done: true
  readonly split: Split
  readonly samples: number
  readonly draws: number
  readonly noise: NoiseChoice | null
  readonly accuracy: Spread
  /** Of hidden neurons, per sample. */
  readonly hiddenSpikes: Spread
  /** Of a chip: which of its formats are part of the noise, and what each of them does. */
  readonly formats?: FormatsRecord & FormatAccuracies
}

/**
 * Measures a network on a split of a task, once for each device: draw k has the noise of seed + k.
 *
 * @param report called with every draw when it is done
 */
export async function evaluateDraws(
  session: Session,
  task: Pick<Task, 'validation' | 'test' | 'until' | 'loss'>,
  { split, batch, noise, seed, draws }: EvaluationRequest,
  report: (result: DrawResult, predictions: Int32Array) => void,
): Promise<EvaluationSummary> {
  const found: SplitResult[] = []
  for (let draw = 0; draw < draws; draw++) {
    const noiseSeed = noise === null ? null : (noise.seed ?? seed) + draw
    const chances = noise === null || noiseSeed === null ? {} : { noise: { ...noise, seed: noiseSeed } }
    const result = await evaluateSplit(session, task[split], { ...task, batch, ...chances })
    const { accuracy, loss, silentFraction, silentLabelFraction, hiddenSpikes, timing, predictions } = result
    found.push(result)
    const firing = { silentFraction, silentLabelFraction, hiddenSpikes }
    report({ draw, noiseSeed, accuracy, loss, ...timingRecord(timing), ...firing }, predictions)
  }
  const spread = (of: 'accuracy' | 'hiddenSpikes') => spreadOf(found.map((result) => result[of]))
  const measured = { accuracy: spread('accuracy'), hiddenSpikes: spread('hiddenSpikes') }
  return { done: true, split, samples: task[split].size, draws, noise, ...measured }
}
