import { InputError } from '../events/errors.js'
import type { LifGroup, Network } from '../network/description/network.js'
import { type Sign, weightsOfSign } from '../network/description/sign.js'
import { MINIMAL_CYCLE_DELAY } from '../network/graph/lookahead.js'
import { isSpiking } from '../network/models/models.js'
import { rangeByMean } from '../network/validation/quantity-range.js'
import { LONGEST_TIME_CONSTANT, SHORTEST_TIME_CONSTANT } from '../network/validation/quantity-rule.js'
import type { ParameterKind } from './session.js'

export type Bounds = readonly [min: number, max: number]

/** What of a network narrows the bounds of its parameters. */
export interface NetworkLimits {
  /** Keys of the projections that lie on a cycle, whose delays stay at MINIMAL_CYCLE_DELAY or more. */
  readonly cyclic: ReadonlySet<string>
  /** Of the projections whose weights keep one. */
  readonly signs: ReadonlyMap<string, Sign>
}

/** What one kind of parameter has of its own. */
interface KindRecord {
  /** What the optimiser's learning rate is multiplied by where the kind has no rate of its own. */
  readonly rateFactor: number
  /** Whether it decays: thresholds and time constants have no 0 to decay to. */
  readonly decays: boolean
  /** What a lower bound must satisfy; absent: nothing. */
  readonly least?: { readonly expected: string; holds(min: number): boolean }
  /** Where it stays unless bounds are given; absent: each number has bounds by its own start. */
  startBounds?(network: Network): Bounds
  /** What the model allows of one array of it; `projection` is the key of that whose array it is. */
  allowed(limits: NetworkLimits, projection: string | undefined): Bounds
  /** What a network must have for something to be learned; absent: every network has it. */
  readonly needs?: { readonly expected: string; readonly remedy?: string; isIn(network: Network): boolean }
}

/** Every finite number. */
export const FINITE: Bounds = [-Number.MAX_VALUE, Number.MAX_VALUE]
const OPEN: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
const FROM_0 = { expected: 'a lower bound from 0', holds: (min: number) => min >= 0 }
const LIF_GROUP = {
  expected: 'a network with an lif group',
  isIn: ({ groups }: Network) => groups.some(isSpiking),
}

/** Everything that can be learned, in the order of flags and files. */
const KINDS: Readonly<Record<ParameterKind, KindRecord>> = {
  weights: {
    rateFactor: 1,
    decays: true,
    startBounds: () => OPEN,
    allowed: ({ signs }, projection) =>
      projection === undefined ? FINITE : intersection(FINITE, weightsOfSign(signs.get(projection))),
  },
  delays: {
    rateFactor: 20,
    decays: true,
    least: FROM_0,
    startBounds: ({ projections }) => [0, Math.max(20, ...projections.flatMap(({ delays }) => longestOf(delays)))],
    allowed: ({ cyclic }, projection) => {
      return [projection !== undefined && cyclic.has(projection) ? MINIMAL_CYCLE_DELAY : 0, Number.MAX_VALUE]
    },
    needs: {
      expected: 'a network in which some projection has delays',
      remedy: 'Give a projection delays, 0 if they shall start there.',
      isIn: ({ projections }) => projections.some(({ delays }) => delays.kind !== 'none'),
    },
  },
  thresholds: {
    rateFactor: 0.2,
    decays: false,
    startBounds: ({ groups }) => {
      return [Math.min(...groups.flatMap((group) => (isSpiking(group) ? halfway(group) : []))), Infinity]
    },
    allowed: () => FINITE,
    needs: LIF_GROUP,
  },
  adaptation: {
    rateFactor: 0.3,
    decays: true,
    least: FROM_0,
    startBounds: () => [0, Number.POSITIVE_INFINITY],
    // The search for crossings is sound for steps from 0 on.
    allowed: () => [0, Number.MAX_VALUE],
    needs: LIF_GROUP,
  },
  taus: {
    rateFactor: 5,
    decays: false,
    least: { expected: 'a lower bound above 0', holds: (min) => min > 0 },
    allowed: () => [SHORTEST_TIME_CONSTANT, LONGEST_TIME_CONSTANT],
  },
  bias: { rateFactor: 1, decays: true, startBounds: () => OPEN, allowed: () => FINITE },
}

/** The kinds, in the order of flags and files. */
export const PARAMETER_KINDS: readonly ParameterKind[] = Object.freeze(Object.keys(KINDS) as ParameterKind[])

export function kindRecord(kind: ParameterKind): KindRecord {
  return KINDS[kind]
}

/**
 * Bounds that keep a network valid while it learns: delays in [0, 20] ms (or up to the largest it starts with),
 * adaptation steps from 0, thresholds from half their way above vReset (half their start if vReset is 0).
 *
 * Undefined for time constants: each stays within a quarter and four times its own start unless bounds are given.
 *
 * Learned thresholds drift down and spikes multiply, hence the lower bound. Where the start is drawn at random, the
 * lowest value of a uniform and the mean of a normal distribution count. Several groups share one bound: the
 * lowest. Weights of a projection with a sign keep it beside these bounds.
 */
export function defaultBounds(network: Network, kind: ParameterKind): Bounds | undefined {
  return KINDS[kind].startBounds?.(network)
}

/**
 * What the model allows of one array of parameters, independent of options: finite numbers that the network could be described
 * with. Thresholds also stay above vReset, neuron by neuron: see `keepAboveReset`.
 */
export function modelLimits(kind: ParameterKind, projection: string | undefined, limits: NetworkLimits): Bounds {
  return KINDS[kind].allowed(limits, projection)
}

/** What both hold; the lower end is above the upper one where that is nothing. */
export function intersection(a: Bounds, b: Bounds): Bounds {
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])]
}

/**
 * Checks names of parameter kinds, as given in `learn`, and drops repetitions.
 *
 * Raises `InputError` LEARN_KIND_UNKNOWN for any other name, and LEARN_EMPTY if there is none.
 */
export function requireParameterKinds(names: readonly string[], field = 'learn'): readonly ParameterKind[] {
  if (names.length === 0) {
    throw new InputError({ code: 'LEARN_EMPTY', field, found: 'nothing', expected: `some of ${list()}` })
  }
  const wanted = names.map((name) => requireKind(name, field))
  return PARAMETER_KINDS.filter((kind) => wanted.includes(kind))
}

/** Raises `InputError` LEARN_KIND_UNKNOWN for what is none. */
export function requireKind(name: string, field: string): ParameterKind {
  const kind = PARAMETER_KINDS.find((known) => known === name)
  if (kind !== undefined) return kind
  throw new InputError({ code: 'LEARN_KIND_UNKNOWN', field, found: `"${name}"`, expected: `some of ${list()}` })
}

function list(): string {
  return PARAMETER_KINDS.join(', ')
}

function longestOf(delays: Network['projections'][number]['delays']): readonly number[] {
  if (delays.kind === 'none') return []
  return [delays.kind === 'scalar' ? delays.value : rangeByMean(delays.values).most]
}

function halfway({ threshold, vReset }: LifGroup): number {
  const reset = rangeByMean(vReset).most
  return reset + (rangeByMean(threshold).least - reset) / 2
}
