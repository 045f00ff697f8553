import { undoDelayedTrial } from './delayed/backward'
import { nextDelayedEvent, runDelayed } from './delayed/forward'
import { addTo, beginLaneGroup, grazings, laneGroup } from './events/own-events'
import { beginTape, beginTrialTape, spikesOf } from './events/tape'
import { beginTree, clearVector, finishTree, openLeaf, pushLeaf, sumLeaf, touchRows } from './gradients/gradient-tree'
import { clearEvents } from './gradients/returned-events'
import { integrate, undoIntegrals } from './integrals/integral'
import { putDownTaus } from './lanes/lane-taus'
import { workIn, workInScratch } from './lanes/lanes'
import { isWide, OneCurrent, OnePair, PerNeuronConstants, TwoCurrents } from './lanes/membrane'
import { beginPass, beginRunaway, notePass, outcome } from './lanes/outcome'
import { unpack } from './lanes/pack'
import { takeUpForm } from './lanes/polynomial'
import { sweepPeaks } from './peaks/peaks'
import { TRIAL_CHUNK } from './schema/constants'
import * as header from './schema/header'
import { DONE } from './schema/records'
import { undoSharedTrial } from './shared/backward'
import { nextSharedEvent, runShared } from './shared/forward'
import { adjointOf } from './shared/undoing'
import { beginTraffic } from './traffic'

/** Runs all trials of a lane group of neurons from rest; notes how that ended, and the number of spikes. */
export function forward(laneGroup: i32): void {
  beginPass()
  beginTraffic(laneGroup)
  beginTape(laneGroup)
  takeUpForm(laneGroup)
  for (let trial = 0; trial < header.trials() && outcome == DONE; trial++) {
    beginTrialTape(laneGroup, trial)
    beginRunaway(laneGroup, trial)
    if (header.delays() != 0) {
      if (header.hasInhibition()) runDelayed<TwoCurrents>(laneGroup, trial)
      else runDelayed<OneCurrent>(laneGroup, trial)
    } else if (header.hasInhibition()) runTrial<TwoCurrents>(laneGroup, trial)
    else if (header.tausPerNeuron() != 0) runTrial<PerNeuronConstants>(laneGroup, trial)
    else if (isPair(laneGroup)) runTrial<OnePair>(laneGroup, trial)
    else runTrial<OneCurrent>(laneGroup, trial)
    if (header.integrals() != 0) integrate(laneGroup, trial)
  }
  beginTrialTape(laneGroup, header.trials())
  notePass(laneGroup, outcome == DONE ? spikesOf(laneGroup) : 0)
}

/** Whether a lane group of a readout takes up no more than a pair of lanes, as the second one of ten neurons does. */
function isPair(laneGroup: i32): bool {
  return !header.fires() && header.size() - 8 * laneGroup <= 2
}

/** Of arrivals that all neurons share. */
function runTrial<M>(laneGroup: i32, trial: i32): void {
  if (isWide<M>() && header.fires()) runShared<M>(laneGroup, trial)
  if (outcome == DONE && header.peaks() != 0) sweepPeaks<M>(laneGroup, trial)
}

/**
 * Undoes all trials of a lane group, those of a micro-batch, or a window of them. After the last one its gradient is written;
 * after the first window that is what `fold` is for. Notes how that ended, and the grazing crossings.
 */
export function backward(which: i32): void {
  beginLaneGroup(which)
  takeUpForm(which)
  beginTraffic(which)
  beginPass()
  if (header.adjoints() != 0) undoWindow(which)
  else undoTrials(which)
  notePass(which, grazings)
}

function undoTrials(which: i32): void {
  if (header.eventSums() != 0) clearEvents(which)
  beginTree(which)
  // The trials of the chunk at work that are undone: a micro-batch may end inside one.
  let inLeaf = header.trialsBefore() % TRIAL_CHUNK
  for (let trial = 0; trial < header.trials() && outcome == DONE; trial++) {
    if (trial == 0 || inLeaf == 0) addTo(openLeaf(inLeaf))
    if (header.integrals() != 0) undoIntegrals(trial)
    else undoTrial(trial)
    inLeaf = (inLeaf + 1) % TRIAL_CHUNK
    if (inLeaf == 0 || (header.finishesTree() && trial == header.trials() - 1)) pushLeaf()
  }
  if (outcome == DONE && header.finishesTree()) unpack(which, finishTree())
}

/** Each trial adds to a vector of its own: in which order windows are cut from trials must not show. */
function undoWindow(which: i32): void {
  if (header.eventSums() != 0 && header.isLastWindow()) clearEvents(which)
  for (let trial = 0; trial < header.trials() && outcome == DONE; trial++) {
    const vector = vectorOf(which, trial)
    if (header.isLastWindow()) clearVector(vector)
    addTo(vector)
    workIn(adjointOf(which, trial))
    if (header.delays() == 0) touchRows(trial)
    undoTrial(trial)
  }
  workInScratch()
}

function undoTrial(trial: i32): void {
  if (header.delays() == 0) {
    if (header.hasInhibition()) undoSharedTrial<TwoCurrents>(trial)
    else if (header.tausPerNeuron() != 0) undoSharedTrial<PerNeuronConstants>(trial)
    else if (isPair(laneGroup)) undoSharedTrial<OnePair>(trial)
    else undoSharedTrial<OneCurrent>(trial)
  } else if (header.hasInhibition()) undoDelayedTrial<TwoCurrents>(trial)
  else undoDelayedTrial<OneCurrent>(trial)
}

/** Sums the vectors of a lane group's trials, as those of whole trials are, and writes its gradient. */
export function fold(which: i32): void {
  beginTraffic(which)
  beginTree(which)
  for (let trial = 0; trial < header.trials(); trial += TRIAL_CHUNK) {
    sumLeaf(vectorOf(which, trial), min(TRIAL_CHUNK, header.trials() - trial))
    pushLeaf()
  }
  unpack(which, finishTree())
}

function vectorOf(which: i32, trial: i32): usize {
  return header.trialVectors() + header.gradientBytes() * (<usize>which * <usize>header.trials() + <usize>trial)
}

/** When a neuron fires next or is let go if nothing arrives, of all lane groups and trials; Infinity: none does. */
export function nextCrossing(): f64 {
  putDownTaus()
  let next: f64 = Infinity
  for (let trial = 0; trial < header.trials(); trial++)
    for (let laneGroup = 0; laneGroup < header.laneGroups(); laneGroup++) next = min(next, nextOf(laneGroup, trial))
  return next
}

function nextOf(laneGroup: i32, trial: i32): f64 {
  if (header.delays() == 0) return nextSharedEvent(laneGroup, trial)
  if (header.hasInhibition()) return nextDelayedEvent<TwoCurrents>(laneGroup, trial)
  return nextDelayedEvent<OneCurrent>(laneGroup, trial)
}
