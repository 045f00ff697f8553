import { runDelayed } from './delayed/forward'
import { beginTape, beginTrialTape, spikesOf } from './events/tape'
import { integrate } from './integrals/integral'
import { OneCurrent, OwnConstants, TwoCurrents } from './lanes/membrane'
import { beginPass, notePass, outcome } from './lanes/outcome'
import { takeUpForm } from './lanes/polynomial'
import { beginRunaway } from './lanes/runaway'
import { sweepPeaks } from './peaks/peaks'
import { delays, fires, hasInhibition, integrals, ownTaus, peaks, trials } from './schema/header'
import { DONE } from './schema/records'
import { runShared } from './shared/forward'
import { beginTraffic } from './traffic'

/** Runs all trials of a lane group of neurons from rest; notes how that ended, and the number of spikes. */
export function forward(laneGroup: i32): void {
  beginPass()
  beginTraffic(laneGroup)
  beginTape(laneGroup)
  takeUpForm(laneGroup)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    beginTrialTape(laneGroup, trial)
    beginRunaway(laneGroup, trial)
    if (delays() != 0) {
      if (hasInhibition()) runDelayed<TwoCurrents>(laneGroup, trial)
      else runDelayed<OneCurrent>(laneGroup, trial)
    } else if (hasInhibition()) runTrial<TwoCurrents>(laneGroup, trial)
    else if (ownTaus() != 0) runTrial<OwnConstants>(laneGroup, trial)
    else runTrial<OneCurrent>(laneGroup, trial)
    if (integrals() != 0) integrate(laneGroup, trial)
  }
  beginTrialTape(laneGroup, trials())
  notePass(laneGroup, outcome == DONE ? spikesOf(laneGroup) : 0)
}

/** Of arrivals that all neurons share. */
function runTrial<M>(laneGroup: i32, trial: i32): void {
  if (fires()) runShared<M>(laneGroup, trial)
  if (outcome == DONE && peaks() != 0) sweepPeaks<M>(laneGroup, trial)
}
