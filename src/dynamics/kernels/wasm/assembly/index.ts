import { prepareDelayed } from './delayed/spikes'
import { prepare } from './events/instants'
import { emit } from './events/tape'
import { adam, adamRows } from './gradients/adam'
import { sumBlock } from './gradients/returned-events'
import { prepareResponses } from './integrals/shared-integral'
import { putDownTaus } from './lanes/lane-taus'
import { pack, settle } from './lanes/pack'
import { backward, fold, forward } from './passes'
import { delays, integrals, tausPerNeuron } from './schema/header'
import { ADAM, ADAM_ROWS, BACKWARD, EMIT, FOLD, FORWARD, PACK, PREPARE, SETTLE, SUM_BLOCK, WEIGH } from './schema/jobs'
import { settleHeaviest, weigh, weighLanes } from './shared/quiet'

export { binWidth, completeBy } from './delayed/grid'
export { firstCrossing } from './equations/crossing'
export { firstCrossingOfTwo } from './equations/two-currents-crossing'
export { countSpikes } from './events/tape'
export { attach } from './lanes/lanes'
export { exp, expm1 } from './numerics/exp'
export { expm1PairAt, expPairAt } from './numerics/exp-pair'
export { log1p, log1pOfFallPairAt } from './numerics/log1p'
export { nextCrossing } from './passes'
export { backwardBins, closeTrial, undoBin } from './window/adjoint-bin'
export { attachAdjoint } from './window/adjoint-header'
export { enterBin, leaveBin, logBin } from './window/bin'
export { drawPoissonInput, fillPoissonInput } from './window/poisson-input'
export { attachWindow } from './window/window-header'

/** Does one item of a job: a lane group, a trial, a block or a chunk. Items of a job may be done in any order, on any thread. */
export function run(job: i32, item: i32): void {
  // Another group, whose lanes have time constants of their own, may have been at work on this thread.
  putDownTaus()
  switch (job) {
    case PACK:
      pack(item)
      weighLanes(item)
      break
    case PREPARE:
      if (delays() == 0) {
        prepare(item)
        if (integrals() != 0 && tausPerNeuron() == 0) prepareResponses(item)
      } else prepareDelayed(item)
      break
    case FORWARD:
      forward(item)
      break
    case EMIT:
      emit(item)
      break
    case BACKWARD:
      backward(item)
      break
    case SUM_BLOCK:
      sumBlock(item)
      break
    case ADAM:
      adam(item)
      break
    case FOLD:
      fold(item)
      break
    case SETTLE:
      settle(item)
      settleHeaviest(item)
      break
    case WEIGH:
      weigh(item)
      break
    case ADAM_ROWS:
      adamRows(item)
      break
  }
}
