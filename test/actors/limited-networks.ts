import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, fixedInDegree, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { randomTrains } from '../support/window-case.js'

const SOURCES = 70
export const SIZE = 40
export const UNTIL = 10
export const TRIALS = 2
const NEURON = { tauMem: 10, tauSyn: 5, threshold: 1 }

/** A group that hears itself after `delay` ms, or not; what each of them is run by is said by its projections. */
export function limitedNetwork(joins: 'dense' | 'per synapse' | 'sparse', delay: number | null, weight = 0.02) {
  const rule = (count: number, mean: number) => fixedInDegree(count, normal(mean, mean / 4))
  const into = joins === 'sparse' ? rule(10, 1) : dense(normal(0.25, 0.2))
  const way = joins === 'per synapse' ? { delay: perSynapse(uniform(0, 2)) } : {}
  const back = joins === 'sparse' ? rule(10, 4 * weight) : dense(weight)
  return defineNetwork({
    groups: { in: source(SOURCES), x: lif(SIZE, NEURON) },
    projections: [connect('in', 'x', into, way), ...(delay === null ? [] : [connect('x', 'x', back, { delay })])],
  })
}

export const INPUTS = { in: randomTrains(SOURCES, 0.2, UNTIL, TRIALS, 'limit') }
export const RUN = { count: TRIALS, inputs: INPUTS, until: UNTIL }
