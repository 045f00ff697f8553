import { runDelayed } from './delayed/forward'
import { beginTape, beginTrialTape, spikesOf } from './events/tape'
import { integrate } from './integrals/integral'
import { integrateOwn } from './integrals/own-taus-integral'
import { isTwo, OneCurrent, TwoCurrents } from './lanes/membrane'
import { beginPass, notePass, outcome } from './lanes/outcome'
import { beginRunaway } from './lanes/runaway'
import { sweepPeaks } from './peaks/peaks'
import { delays, fires, hasInhibition, integrals, ownTaus, peaks, trials } from './schema/header'
import { DONE } from './schema/records'
import { runShared } from './shared/forward'
import { runOwnTaus } from './shared/own-taus-forward'
import { sweepOwnPeaks } from './shared/own-taus-peaks'
import { beginTraffic } from './traffic'

/** Runs all trials of a lane group of neurons from rest; notes how that ended, and the number of spikes. */
export function forward(laneGroup: i32): void {
  beginPass()
  beginTraffic(laneGroup)
  beginTape(laneGroup)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    beginTrialTape(laneGroup, trial)
    beginRunaway(laneGroup, trial)
    if (hasInhibition()) runTrial<TwoCurrents>(laneGroup, trial)
    else runTrial<OneCurrent>(laneGroup, trial)
    if (integrals() == 0) continue
    if (ownTaus() == 0) integrate(laneGroup, trial)
    else integrateOwn(laneGroup, trial)
  }
  beginTrialTape(laneGroup, trials())
  notePass(laneGroup, outcome == DONE ? spikesOf(laneGroup) : 0)
}

/** Runs a trial, and looks for its maxima. */
function runTrial<M>(laneGroup: i32, trial: i32): void {
  if (delays() != 0) {
    runDelayed<M>(laneGroup, trial)
    return
  }
  if (fires()) {
    if (!isTwo<M>() && ownTaus() != 0) runOwnTaus(laneGroup, trial)
    else runShared<M>(laneGroup, trial)
  }
  if (outcome != DONE || peaks() == 0) return
  if (ownTaus() == 0) sweepPeaks(laneGroup, trial)
  else sweepOwnPeaks(laneGroup, trial)
}
