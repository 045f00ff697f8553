import { nextDown } from '../../../../numerics/neighbours.js'
import type { HeaderFields } from '../../wasm/header.js'

/** Fields of the header: one window, from rest to the end of the trials. */
export function wholeTrials(until: number, hasTaus: boolean): HeaderFields {
  return {
    until,
    wantsTaus: Number(hasTaus),
    horizon: until,
    lastSpike: nextDown(until),
    runawayInterval: Number.POSITIVE_INFINITY,
    statesBefore: 0,
    statesAfter: 0,
    lastArrivals: 0,
    adjoints: 0,
    reached: 0,
    complete: 0,
    shown: -1,
    spikeRoom: 0,
    spikeSlots: 0,
    spikeShifts: 0,
    laneEvents: 0,
    firstComing: 0,
    keptBins: 0,
  }
}
