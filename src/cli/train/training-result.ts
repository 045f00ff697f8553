import type { FormatsRecord } from '../chip/flags/chip-device.js'
import type { Split } from '../evaluate/evaluate-draws.js'
import type { TimingRecord } from '../timing-record.js'

/** What a training ends with. */
export type TrainingResult = TestedResult | ValidatedResult

interface TrainedRun extends TimingRecord {
  readonly done: true
  /** Of one of several. */
  readonly seed?: number
  /** The epoch whose network this is, where the best one is kept. */
  readonly bestEpoch?: number
  /** Spikes of hidden neurons per sample that it is measured on; absent where the run was done before they were counted. */
  readonly hiddenSpikes?: number
  /** Of the chip in whose formats it was trained and measured. */
  readonly formats?: FormatsRecord
  /** The run's folder. */
  readonly run: string
}

export interface TestedResult extends TrainedRun {
  /** 0 to 1. */
  readonly testAccuracy: number
  /** See `runDigest`. */
  readonly digest: string
}

/** Nothing of it depends on the test split. */
interface ValidatedResult extends TrainedRun {
  /** 0 to 1. */
  readonly validationAccuracy: number
  /** Null where no label spiked. */
  readonly validationLoss: number | null
  /** See `parameterDigest`. */
  readonly parameterDigest: string
}

/** What the network of a result was measured on. */
export function splitOf(result: TrainingResult): Split {
  return 'testAccuracy' in result ? 'test' : 'validation'
}

export function accuracyOf(result: TrainingResult): number {
  return 'testAccuracy' in result ? result.testAccuracy : result.validationAccuracy
}
