import type { FirstSpikeLoss } from './losses/first-spike-loss.js'
import type { LiIntegralLoss } from './losses/integral-loss.js'
import type { LinearLoss } from './losses/linear-loss.js'
import type { SpikeCountLoss } from './losses/spike-count-loss.js'
import type { SpikeTimesLoss } from './losses/spike-times-loss.js'
import type { UserLoss } from './losses/user-loss.js'
import type { VMaxLoss } from './losses/v-max-loss.js'
import type { VanRossumLoss } from './losses/van-rossum-loss.js'

export type { FirstSpikeLoss } from './losses/first-spike-loss.js'
export type { LiIntegralLoss } from './losses/integral-loss.js'
export type { LinearLoss } from './losses/linear-loss.js'
export type { ReadoutScoring } from './losses/readout-scores.js'
export type { SpikeCountLoss } from './losses/spike-count-loss.js'
export type { SpikeTimesLoss } from './losses/spike-times-loss.js'
export type { TargetLoss } from './losses/target-loss.js'
export type * from './losses/user-loss.js'
export type { VMaxLoss } from './losses/v-max-loss.js'
export type { VanRossumLoss } from './losses/van-rossum-loss.js'

/** Losses of this package on the spikes of an lif group. */
export type SpikeLoss<Names extends string = string> =
  | LinearLoss<Names>
  | FirstSpikeLoss<Names>
  | SpikeCountLoss<Names>
  | VanRossumLoss<Names>
  | SpikeTimesLoss<Names>

/** Losses of this package on one number per readout, of an li group. */
export type ReadoutLoss<Names extends string = string> = VMaxLoss<Names> | LiIntegralLoss<Names>

/** A loss without its labels, which belong to the trials, on one of the groups of these names. */
export type Loss<Names extends string = string> = SpikeLoss<Names> | ReadoutLoss<Names> | UserLoss<Names>

/** A loss on a group that is one of these names, or whose name is known only when the program runs. */
export type LossOn<Group extends string, Names extends string> = string extends Group ? Loss<Group> : Loss<Names>
