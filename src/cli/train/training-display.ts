import type { CoreTraffic } from '../../actors/open-cluster.js'
import type { StepProgress } from '../../learning/train-options.js'
import type { EpochRecord } from './epoch-record.js'

/** Shows on stderr how a training goes. */
export interface TrainingDisplay {
  step(progress: StepProgress): void
  epoch(record: EpochRecord): void
  /** What went over the links between cores so far. */
  links(traffic: readonly CoreTraffic[]): void
  /** Leaves the screen tidy, whatever happened. */
  close(): void
}
