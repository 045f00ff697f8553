import { nextDown } from '../../../../numerics/neighbours.js'
import { mostOfNeuron } from '../../../models/spike-limit.js'
import type { KernelOptions } from '../../kernel-options.js'
import type { HeaderFields } from '../../wasm/header.js'

/** Fields of the header: one window, from rest to the end of the trials. */
export function wholeTrials(
  { until, spikeLimit = Number.POSITIVE_INFINITY }: KernelOptions,
  hasTaus: boolean,
): HeaderFields {
  return {
    until,
    wantsTaus: Number(hasTaus),
    horizon: until,
    lastSpike: nextDown(until),
    runawayInterval: Number.POSITIVE_INFINITY,
    mostInCell: mostOfNeuron(spikeLimit, 0),
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
