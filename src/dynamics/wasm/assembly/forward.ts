import { runDelayed } from './delayed/forward'
import { integrate } from './integral'
import { beginPass, notePass, outcome } from './outcome'
import { integrateOwn } from './own-taus-integral'
import { sweepPeaks } from './peaks'
import { delays, fires, hasInhibition, integrals, ownTaus, peaks, trials } from './schema/plan'
import { DONE } from './schema/records'
import { runShared } from './shared/forward'
import { runOwnTaus } from './shared/own-taus-forward'
import { sweepOwnPeaks } from './shared/own-taus-peaks'
import { runSharedTwo } from './shared/two-currents-forward'
import { beginTape, beginTrialTape, spikesOf } from './tape'
import { beginTraffic } from './traffic'

/** Runs all trials of an octet of neurons from rest; notes how that ended, and the number of spikes. */
export function forward(octet: i32): void {
  beginPass()
  beginTraffic(octet)
  beginTape(octet)
  for (let trial = 0; trial < trials() && outcome == DONE; trial++) {
    beginTrialTape(octet, trial)
    if (delays() != 0) runDelayed(octet, trial)
    else {
      if (fires()) {
        if (hasInhibition()) runSharedTwo(octet, trial)
        else if (ownTaus() != 0) runOwnTaus(octet, trial)
        else runShared(octet, trial)
      }
      if (outcome == DONE && peaks() != 0) {
        if (ownTaus() == 0) sweepPeaks(octet, trial)
        else sweepOwnPeaks(octet, trial)
      }
    }
    if (integrals() == 0) continue
    if (ownTaus() == 0) integrate(octet, trial)
    else integrateOwn(octet, trial)
  }
  beginTrialTape(octet, trials())
  notePass(octet, outcome == DONE ? spikesOf(octet) : 0)
}
