import { visitRule } from '../../network/connectivity/rule-synapses.js'
import { type ConnectionRule, expectedSynapses, type RuleShape } from '../../network/description/connection-rule.js'
import type { Network } from '../../network/description/network.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { type Rows, rowsOf } from './rows.js'

/** Called repeatedly with the amount of work that is done, and the total. */
export type TellDone = (done: number, of: number) => void

/** Draws which source units each neuron of a projection has synapses from, by its rule. */
export type DrawRows = (rule: ConnectionRule, shape: RuleShape, stream: string) => Rows

/** Number of synapses between two progress reports. */
const OFTEN = 2 ** 20

/** All that a network has, as in a run. */
export function drawsOfRun(network: Network, seed: number, tell: TellDone): DrawRows {
  const all = Math.round(drawnSynapses(network))
  let done = 0
  const tick = () => {
    // What a coin decides is known by its mean.
    if (++done % OFTEN === 0) tell(Math.min(done, all), all)
  }
  return (rule, shape, stream) => {
    const listed = { sources: createUnitList(expectedSynapses(rule, shape, shape.targets)), counts: countsOf(shape) }
    // Only such rules begin at the sources.
    const targets = rule.rule === 'fixedOutDegree' ? createUnitList(shape.sources * rule.outDegree) : null
    visitRule(rule, shape, { seed, stream }, { start: 0, end: shape.targets }, (source, target) => {
      listed.sources.add(source)
      if (targets === null) listed.counts[target + 1] = (listed.counts[target + 1] as number) + 1
      else targets.add(target)
      tick()
    })
    const units = listed.sources.all()
    if (targets !== null) return rowsOf(shape.targets, targets.all(), (s) => units[s] as number)
    return { offsets: summed(listed.counts), units }
  }
}

/** Only what comes into the first block of each group, and nothing where that takes as long as all of it. */
export function drawsOfFirstBlocks(seed: number): DrawRows {
  return (rule, shape, stream) => {
    const [sources, counts]: [number[], Uint32Array] = [[], countsOf(shape)]
    const slice = { start: 0, end: Math.min(BLOCK, shape.targets) }
    if (rule.rule !== 'fixedOutDegree')
      visitRule(rule, shape, { seed, stream }, slice, (source, target) => {
        sources.push(source)
        counts[target + 1] = (counts[target + 1] as number) + 1
      })
    return { offsets: summed(counts), units: Uint32Array.from(sources) }
  }
}

/** How many synapses rules draw, by their mean. */
export function drawnSynapses({ groups, projections }: Network): number {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  return projections.reduce((sum, { source, target, connectivity }) => {
    if (connectivity.kind !== 'rule' || connectivity.rule.rule === 'oneToOne') return sum
    const [sources, targets] = [sizes.get(source) ?? 0, sizes.get(target) ?? 0]
    return sum + expectedSynapses(connectivity.rule, { sources, targets, isRecurrent: source === target }, targets)
  }, 0)
}

/** Room to count synapses by target, one place behind it. */
function countsOf({ targets }: RuleShape): Uint32Array {
  return new Uint32Array(targets + 1)
}

/** Entry t becomes what is in all before it. */
function summed(counts: Uint32Array): Uint32Array {
  for (let t = 1; t < counts.length; t++) counts[t] = (counts[t] as number) + (counts[t - 1] as number)
  return counts
}

/** A list that grows; `expected` is the room it begins with. */
function createUnitList(expected: number) {
  let units = new Uint32Array(Math.ceil(expected))
  let count = 0
  return {
    add(unit: number): void {
      if (count === units.length) {
        const more = new Uint32Array(Math.ceil(1.5 * count) + 1)
        more.set(units)
        units = more
      }
      units[count++] = unit
    },
    all: () => units.subarray(0, count),
  }
}
