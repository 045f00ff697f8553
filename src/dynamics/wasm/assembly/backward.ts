import { clearEvents } from './answers'
import { undoDelayedTrial } from './delayed/backward'
import { beginTree, finishTree, pushLeaf, TRIAL_CHUNK } from './gradient-tree'
import { undoIntegrals } from './integral'
import { beginPass, notePass, outcome } from './outcome'
import { beginChunk, beginOctet, grazings } from './own-events'
import { unpack } from './pack'
import { delays, eventSums, finishesTree, integrals, trials } from './schema/plan'
import { DONE } from './schema/records'
import { undoSharedTrial } from './shared/backward'
import { beginTraffic } from './traffic'

/**
 * Undoes all trials of an octet, those of a micro-batch; after the last one its gradient is written. Notes how that ended,
 * and the grazing crossings.
 */
export function backward(which: i32): void {
  beginOctet(which)
  beginTraffic(which)
  if (eventSums() != 0) clearEvents(which)
  beginPass()
  beginTree(which)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    if (trial % TRIAL_CHUNK == 0) beginChunk()
    if (integrals() != 0) undoIntegrals(trial)
    else if (delays() == 0) undoSharedTrial(trial)
    else undoDelayedTrial(trial)
    if (trial % TRIAL_CHUNK == TRIAL_CHUNK - 1 || trial == trials() - 1) pushLeaf()
  }
  if (outcome == DONE && finishesTree()) unpack(which, finishTree())
  notePass(which, grazings)
}
