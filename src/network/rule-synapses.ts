import { log } from '../numerics/log.js'
import { log1p } from '../numerics/log1p.js'
import { createRandomStream, type RandomStream } from '../numerics/random-stream.js'
import type { Slice } from './blocks.js'
import { type ConnectionRule, type FixedOutDegree, partnersOf, type RuleShape } from './connection-rule.js'
import type { Origin, Places } from './draw.js'

/** The synapses of a rule into a slice of the targets, ordered by target, then by their place. */
export interface RuleSynapses {
  readonly sources: Uint32Array
  /** Counted from the slice's first neuron. */
  readonly targets: Uint32Array
  /** At which index the numbers of a synapse are drawn: it depends on the rule alone, never on the slice. */
  readonly places: Places
}

/**
 * Follows a rule for a slice of its targets. All draws are functions of seed, stream and index, so that slices together
 * have the synapses of the whole, and each takes memory for its own alone.
 */
export function ruleSynapses(rule: ConnectionRule, shape: RuleShape, origin: Origin, slice: Slice): RuleSynapses {
  const random = createRandomStream(origin.seed, origin.stream)
  switch (rule.rule) {
    case 'fixedInDegree': {
      const draw = createSampler(random, rule.inDegree, shape.sources, rule, shape)
      return rowByRow(slice, rule.inDegree * (slice.end - slice.start), (target, add) => {
        draw(target, (source, place) => add(source, place))
      })
    }
    case 'fixedOutDegree':
      return fromSources(rule, shape, random, slice)
    case 'fixedProbability': {
      const visit = createBernoulliRow(random, rule.probability, shape.sources, partnersOf(shape.sources, rule, shape))
      return rowByRow(slice, null, visit)
    }
    case 'oneToOne':
      return rowByRow(slice, slice.end - slice.start, (target, add) => add(target, target))
  }
}

/** Adds a synapse from a source unit, whose numbers are drawn at a place. */
type Add = (source: number, place: number) => void

/** @param count of synapses, if it is known */
function rowByRow(
  { start, end }: Slice,
  count: number | null,
  visit: (target: number, add: Add) => void,
): RuleSynapses {
  let total = count ?? 0
  if (count === null) {
    const tally = () => {
      total++
    }
    for (let target = start; target < end; target++) visit(target, tally)
  }
  const sources = new Uint32Array(total)
  const targets = new Uint32Array(total)
  const places = new Float64Array(total)
  let next = 0
  for (let target = start; target < end; target++)
    visit(target, (source, place) => {
      sources[next] = source
      targets[next] = target - start
      places[next++] = place
    })
  return { sources, targets, places: placesIn(places) }
}

/** Goes through all sources and keeps what ends in the slice. */
function fromSources(
  rule: FixedOutDegree,
  shape: RuleShape,
  random: RandomStream,
  { start, end }: Slice,
): RuleSynapses {
  const draw = createSampler(random, rule.outDegree, shape.targets, rule, shape)
  const each = (add: (source: number, target: number, place: number) => void) => {
    for (let source = 0; source < shape.sources; source++)
      draw(source, (target, place) => {
        if (target >= start && target < end) add(source, target - start, place)
      })
  }
  const next = new Uint32Array(end - start + 1)
  each((_, target) => {
    next[target + 1] = (next[target + 1] as number) + 1
  })
  for (let target = 0; target < end - start; target++)
    next[target + 1] = (next[target + 1] as number) + (next[target] as number)
  const total = next[end - start] as number
  const sources = new Uint32Array(total)
  const targets = new Uint32Array(total)
  const places = new Float64Array(total)
  each((source, target, place) => {
    const at = next[target] as number
    next[target] = at + 1
    sources[at] = source
    targets[at] = target
    places[at] = place
  })
  return { sources, targets, places: placesIn(places) }
}

function placesIn(places: Float64Array): Places {
  return { count: places.length, indexOf: (k) => places[k] as number }
}

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
