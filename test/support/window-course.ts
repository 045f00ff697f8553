import type fc from 'fast-check'
import { shareOf } from '../../src/dynamics/kernels/window/bins/bin-grid.js'
import type { WindowGroup } from '../../src/dynamics/kernels/window/window-groups.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, fixedInDegree } from '../../src/network/description/projections.js'
import type { LifValues, NetworkInstance } from '../../src/network/instance/instance.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { type NearCrossing, nearCrossing } from './near-crossing.js'
import { SEED } from './window-case.js'

/** Neurons that suit the window kernel. */
export function nearWindowCrossing(): fc.Arbitrary<NearCrossing> {
  return nearCrossing('shared').filter(({ neuron: { tauMem, tauSyn } }) => {
    const taus = { tauMem: tauMem as number, tauSyn: tauSyn as number }
    return Math.abs(shareOf(taus)) <= 8
  })
}

export interface WindowCourse {
  readonly sample: NearCrossing
  readonly second: number
  /** Per neuron. */
  readonly thresholds: readonly number[]
  /** A trial for each: when a third arrival comes, and its weight. */
  readonly third: readonly number[]
  readonly thirdWeight: number
}

/** Every neuron hears three sources of one unit each, at one weight a source. */
export function windowCourse({ sample, second, thresholds, third, thirdWeight }: WindowCourse) {
  const { neuron, first } = sample
  const weights = [first.weight, second, thirdWeight]
  const network = defineNetwork({
    groups: { ...threeSources(), cells: lif(thresholds.length, { ...neuron, threshold: thresholds }) },
    projections: weights.map((weight, k) => connect(`s${k}` as 's0', 'cells', fixedInDegree(1, weight))),
  })
  const windowGroup: WindowGroup = {
    poissonInputs: new Map(),
  }
  const times = [third.map(() => first.time), third.map(() => sample.second), third]
  const trains = times.map((list) => trainsOf(list.map((time) => [{ time, unit: 0 }])))
  return { instance: instantiate(network, SEED), windowGroup, trains, weights, until: sample.second + 400 }
}

function threeSources() {
  return { s0: source(1), s1: source(1), s2: source(1) }
}

export function binsOf({ groups }: NetworkInstance): LifValues {
  return groups.find(({ name }) => name === 'cells') as LifValues
}
