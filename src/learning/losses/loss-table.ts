import type { AnyLoss } from './any-loss.js'
import { FIRST_SPIKE } from './first-spike-loss.js'
import { LI_INTEGRAL } from './integral-loss.js'
import { LINEAR } from './linear-loss.js'
import type { LossRecord } from './loss-record.js'
import { SPIKE_COUNT } from './spike-count-loss.js'
import { SPIKE_TIMES } from './spike-times-loss.js'
import { V_MAX } from './v-max-loss.js'
import { VAN_ROSSUM } from './van-rossum-loss.js'

/** Every loss there is, but those that users define. */
export const LOSS_TABLE: readonly LossRecord<AnyLoss>[] = [
  LINEAR,
  FIRST_SPIKE,
  V_MAX,
  SPIKE_COUNT,
  LI_INTEGRAL,
  VAN_ROSSUM,
  SPIKE_TIMES,
]
