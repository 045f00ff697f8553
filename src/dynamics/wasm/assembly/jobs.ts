import { adam } from './adam'
import { sumBlock } from './answers'
import { backward, fold } from './backward'
import { prepareDelayed } from './delayed/spikes'
import { emit } from './emit'
import { forward } from './forward'
import { prepare } from './instants'
import { prepareResponses } from './integral'
import { pack } from './pack'
import { ADAM, BACKWARD, EMIT, FOLD, FORWARD, PACK, PREPARE, SUM_BLOCK } from './schema/jobs'
import { delays, integrals, ownTaus } from './schema/plan'

/** Does one item of a job: an octet, a trial, a block or a chunk. Items of a job may be done in any order, on any thread. */
export function run(job: i32, item: i32): void {
  switch (job) {
    case PACK:
      pack(item)
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
  }
}
