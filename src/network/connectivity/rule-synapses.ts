import { log } from '../../numerics/log.js'
import { log1p } from '../../numerics/log1p.js'
import { createRandomStream, type RandomStream } from '../../numerics/random-stream.js'
import { type ConnectionRule, expectedSynapses, partnersOf, type RuleShape } from '../description/connection-rule.js'
import type { Origin } from '../instance/draw.js'
import type { Slice } from '../slices/blocks.js'
import { createSynapseList, orderedByTarget, type RuleSynapses } from './synapse-list.js'

/** Adds a synapse from a source unit to a held neuron, whose numbers are drawn at a place. */
export type AddSynapse = (source: number, target: number, place: number) => void

/**
 * Follows a rule for a slice of its targets, which count from the slice's first neuron. All draws are functions of seed,
 * stream and index, so that slices together have the synapses of the whole, and each takes memory for its own alone.
 *
 * The synapses of one target come by ascending place; targets come in order unless the rule begins at the sources.
 */
export function visitRule(
  rule: ConnectionRule,
  shape: RuleShape,
  { seed, stream }: Origin,
  { start, end }: Slice,
  add: AddSynapse,
): void {
  const random = createRandomStream(seed, stream)
  const rowByRow = (visit: (target: number, add: Add) => void) => {
    for (let target = start; target < end; target++)
      visit(target, (source, place) => add(source, target - start, place))
  }
  switch (rule.rule) {
    case 'fixedInDegree':
      rowByRow(createSampler(random, rule.inDegree, shape.sources, rule, shape))
      break
    case 'fixedOutDegree': {
      const draw = createSampler(random, rule.outDegree, shape.targets, rule, shape)
      for (let source = 0; source < shape.sources; source++)
        draw(source, (target, place) => {
          if (target >= start && target < end) add(source, target - start, place)
        })
      break
    }
    case 'fixedProbability': {
      const partners = partnersOf(shape.sources, rule, shape)
      rowByRow(createBernoulliRow(random, rule.probability, shape.sources, partners))
      break
    }
    case 'oneToOne':
      rowByRow((target, add) => add(target, target))
  }
}

/** The synapses of a rule into a slice as lists. */
export function ruleSynapses(rule: ConnectionRule, shape: RuleShape, origin: Origin, slice: Slice): RuleSynapses {
  const size = slice.end - slice.start
  const list = createSynapseList(expectedSynapses(rule, shape, size))
  visitRule(rule, shape, origin, slice, list.add)
  const synapses = list.inOrder()
  return rule.rule === 'fixedOutDegree' ? orderedByTarget(synapses, size) : synapses
}

/** Adds a synapse from (or to) a unit, whose numbers are drawn at a place. */
type Add = (partner: number, place: number) => void

/**
 * Draws `degree` partners of a unit out of `count`, the k-th at index unit · degree + k: with repetition, or without by
 * Floyd's method, in which every subset has the same chance.
 */
function createSampler(
  random: RandomStream,
  degree: number,
  count: number,
  rule: ConnectionRule & { readonly multiple: boolean },
  shape: RuleShape,
): (unit: number, add: Add) => void {
  const partners = partnersOf(count, rule, shape)
  const skipsSelf = partners < count
  const chosen = new Set<number>()
  return (unit, add) => {
    chosen.clear()
    for (let k = 0; k < degree; k++) {
      const place = unit * degree + k
      const last = partners - degree + k
      let pick = random.integer(place, rule.multiple ? partners : last + 1)
      if (!rule.multiple) {
        if (chosen.has(pick)) pick = last
        chosen.add(pick)
      }
      add(skipsSelf && pick >= unit ? pick + 1 : pick, place)
    }
  }
}

/**
 * The sources of a target that a coin of the given probability chooses, by geometric gaps:
 *
 *     gap = floor(ln u / ln(1 - p)),   u uniform in (0, 1)
 *
 * The numbers of a synapse are drawn at target · sources + source.
 */
function createBernoulliRow(
  random: RandomStream,
  probability: number,
  sources: number,
  partners: number,
): (target: number, add: Add) => void {
  const perGap = 1 / log1p(-probability)
  const skipsSelf = partners < sources
  return (target, add) => {
    let draws = target * sources
    for (let pick = -1; ; ) {
      pick += 1 + (probability === 1 ? 0 : Math.floor(log(random.uniformOpen(draws++)) * perGap))
      if (pick >= partners) return
      const source = skipsSelf && pick >= target ? pick + 1 : pick
      add(source, target * sources + source)
    }
  }
}
