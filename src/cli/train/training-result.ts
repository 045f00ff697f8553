import type { FormatsRecord } from '../chip/flags/chip-device.js'
import type { TimingRecord } from '../timing-record.js'

/** What a training ends with. */
export interface TrainingResult extends TimingRecord {
  readonly done: true
  /** Of one of several. */
  readonly seed?: number
  /** The epoch whose network this is, where the best one is kept. */
  readonly bestEpoch?: number
  /** 0 to 1, on the test split. */
  readonly testAccuracy: number
  /** Spikes of hidden neurons per sample of the test split; absent where the run was done before they were counted. */
  readonly hiddenSpikes?: number
  /** Of the chip in whose formats it was trained and measured. */
  readonly formats?: FormatsRecord
  /** The run's folder. */
  readonly run: string
  /** See `runDigest`. */
  readonly digest: string
}
