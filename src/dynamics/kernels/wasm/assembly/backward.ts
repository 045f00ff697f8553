import { undoDelayedTrial } from './delayed/backward'
import { addTo, beginLaneGroup, grazings } from './events/own-events'
import { beginTree, clearVector, finishTree, openLeaf, pushLeaf, sumLeaf } from './gradients/gradient-tree'
import { clearEvents } from './gradients/returned-events'
import { touchRows } from './gradients/touch-rows'
import { undoIntegrals } from './integrals/integral'
import { workIn, workInScratch } from './lanes/lanes'
import { OneCurrent, OwnConstants, TwoCurrents } from './lanes/membrane'
import { beginPass, notePass, outcome } from './lanes/outcome'
import { unpack } from './lanes/pack'
import { takeUpForm } from './lanes/polynomial'
import { adjointOf } from './lanes/progress'
import { TRIAL_CHUNK } from './schema/constants'
import {
  adjoints,
  delays,
  eventSums,
  finishesTree,
  gradientBytes,
  hasInhibition,
  integrals,
  isLastWindow,
  ownTaus,
  trials,
  trialsBefore,
  trialVectors,
} from './schema/header'
import { DONE } from './schema/records'
import { undoSharedTrial } from './shared/backward'
import { beginTraffic } from './traffic'

/**
 * Undoes all trials of a lane group, those of a micro-batch, or a window of them. After the last one its gradient is written;
 * after the first window that is what `fold` is for. Notes how that ended, and the grazing crossings.
 */
export function backward(which: i32): void {
  beginLaneGroup(which)
  takeUpForm(which)
  beginTraffic(which)
  beginPass()
  if (adjoints() != 0) undoWindow(which)
  else undoTrials(which)
  notePass(which, grazings)
}

function undoTrials(which: i32): void {
  if (eventSums() != 0) clearEvents(which)
  beginTree(which)
  // The trials of the chunk at work that are undone: a micro-batch may end inside one.
  let inLeaf = trialsBefore() % TRIAL_CHUNK
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    if (trial == 0 || inLeaf == 0) addTo(openLeaf(inLeaf))
    if (integrals() != 0) undoIntegrals(trial)
    else undoTrial(trial)
    inLeaf = (inLeaf + 1) % TRIAL_CHUNK
    if (inLeaf == 0 || (finishesTree() && trial == trials() - 1)) pushLeaf()
  }
  if (outcome == DONE && finishesTree()) unpack(which, finishTree())
}

/** Each trial adds to a vector of its own: in which order windows are cut from trials must not show. */
function undoWindow(which: i32): void {
  if (eventSums() != 0 && isLastWindow()) clearEvents(which)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    const vector = vectorOf(which, trial)
    if (isLastWindow()) clearVector(vector)
    addTo(vector)
    workIn(adjointOf(which, trial))
    if (delays() == 0) touchRows(trial)
    undoTrial(trial)
  }
  workInScratch()
}

function undoTrial(trial: i32): void {
  if (delays() == 0) {
    if (hasInhibition()) undoSharedTrial<TwoCurrents>(trial)
    else if (ownTaus() != 0) undoSharedTrial<OwnConstants>(trial)
    else undoSharedTrial<OneCurrent>(trial)
  } else if (hasInhibition()) undoDelayedTrial<TwoCurrents>(trial)
  else undoDelayedTrial<OneCurrent>(trial)
}

/** Sums the vectors of a lane group's trials, as those of whole trials are, and writes its gradient. */
export function fold(which: i32): void {
  beginTraffic(which)
  beginTree(which)
  for (let trial = 0; trial < trials(); trial += TRIAL_CHUNK) {
    sumLeaf(vectorOf(which, trial), min(TRIAL_CHUNK, trials() - trial))
    pushLeaf()
  }
  unpack(which, finishTree())
}

function vectorOf(which: i32, trial: i32): usize {
  return trialVectors() + gradientBytes() * (<usize>which * <usize>trials() + <usize>trial)
}
