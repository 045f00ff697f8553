import { backward, fold } from './backward'
import { prepareDelayed } from './delayed/spikes'
import { emit } from './events/emit'
import { prepare } from './events/instants'
import { forward } from './forward'
import { adam } from './gradients/adam'
import { adamRows } from './gradients/learned-rows'
import { sumBlock } from './gradients/returned-events'
import { prepareResponses } from './integrals/integral'
import { weigh } from './lanes/heaviest'
import { putDownTaus } from './lanes/lane-taus'
import { pack, settle } from './lanes/pack'
import { delays, integrals, ownTaus } from './schema/header'
import { ADAM, ADAM_ROWS, BACKWARD, EMIT, FOLD, FORWARD, PACK, PREPARE, SETTLE, SUM_BLOCK, WEIGH } from './schema/jobs'
import { settleHeaviest, weighLanes } from './shared/quiet'

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
        if (integrals() != 0 && ownTaus() == 0) prepareResponses(item)
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
