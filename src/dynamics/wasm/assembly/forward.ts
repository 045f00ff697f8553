import { runDelayed } from './delayed/forward'
import { endOfInstants, firstInstant } from './instants'
import { integrate } from './integral'
import { beginPass, DONE, notePass, outcome } from './outcome'
import { sweepPeaks } from './peaks'
import { delays, fires, integrals, peaks, trials } from './plan'
import { runShared } from './shared/forward'
import { beginTape, beginTrialTape, spikesOf } from './tape'
import { beginTraffic } from './traffic'

/** Runs all trials of an octet of neurons from rest; notes how that ended, and the number of spikes. */
export function forward(octet: i32): void {
  beginPass()
  beginTraffic(octet)
  beginTape(octet)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    beginTrialTape(octet, trial)
    if (delays() == 0) runAll(octet, trial)
    else runDelayed(octet, trial)
    if (integrals() != 0) integrate(octet, trial)
  }
  beginTrialTape(octet, trials())
  notePass(octet, outcome == DONE ? spikesOf(octet) : 0)
}

function runAll(octet: i32, trial: i32): void {
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  if (fires()) runShared(octet, trial)
  if (outcome == DONE && peaks() != 0) sweepPeaks(octet, trial, first, end)
}
