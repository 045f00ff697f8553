import type { SpentBudget } from '../../learning/budget-strengths.js'
import type { EpochDiagnosis } from '../../learning/diagnosis/layer-diagnosis.js'
import type { Epoch } from '../../learning/train.js'
import { type TimingRecord, timingRecord } from '../timing-record.js'

/** One epoch as a line of `metrics.jsonl`; accuracies and shares from 0 to 1, loss null where no label spiked. */
export interface EpochRecord extends TimingRecord {
  readonly epoch: number
  readonly loss: number | null
  readonly trainAccuracy: number
  readonly validationAccuracy: number
  readonly silentFraction: number
  readonly silentLabelFraction: number
  readonly grazing: number
  readonly samplesPerSecond: number | null
  readonly cpuSecondsPerSample: number | null
  /** Of one of several trainings. */
  readonly seed?: number
  /** Per lif and li group; absent if the session does not look. */
  readonly layers?: EpochDiagnosis['layers']
  /** Per learned kind of parameter. */
  readonly gradientNorms?: EpochDiagnosis['gradientNorms']
  /** Per group that has a spike budget. */
  readonly spikeBudget?: Readonly<Record<string, SpentBudget>>
  /** Names of classes that no sample was taken for. */
  readonly neverPredicted?: readonly string[]
  /** What seems to be wrong or takes long, in plain sentences. */
  readonly advice?: readonly string[]
}

export function epochRecord(epoch: Epoch): EpochRecord {
  const { number, loss, trainAccuracy, validationAccuracy, silentFraction, silentLabelFraction, grazing } = epoch
  const { samplesPerSecond, cpuSecondsPerSample, diagnosis, advice, neverPredicted, validationTiming, spikeBudget } =
    epoch
  return {
    epoch: number,
    loss,
    trainAccuracy,
    validationAccuracy,
    ...timingRecord(validationTiming),
    silentFraction,
    silentLabelFraction,
    grazing,
    samplesPerSecond,
    // Not every platform can tell.
    cpuSecondsPerSample: Number.isNaN(cpuSecondsPerSample) ? null : cpuSecondsPerSample,
    ...(neverPredicted.length === 0 ? {} : { neverPredicted }),
    ...(spikeBudget === undefined ? {} : { spikeBudget }),
    ...(diagnosis === null ? {} : diagnosis),
    ...(diagnosis === null && advice.length === 0 ? {} : { advice }),
  }
}
