import { type ModuleReference, moduleReference } from '../modules/module-reference.js'
import type { PlainOptions } from '../modules/plain-options.js'
import { type Readers, readOptions } from '../reading/read-fields.js'
import { asGiven, readPlain } from '../reading/read-value.js'
import type { ConnectionRule } from './connection-rule.js'
import type { FanIn } from './fan-in.js'
import type { Initializer } from './initializers.js'
import type { Quantity } from './network.js'
import type { Sign } from './sign.js'

/** One row per target, one entry per source; null where there is no synapse. */
export type WeightMatrix = readonly (readonly (number | null)[])[]
export type DelayMatrix = readonly (readonly (number | null)[])[]

export interface DensePattern {
  readonly kind: 'dense'
  readonly weights: number | WeightMatrix | Initializer | FanIn
}

/** One synapse; units are counted from 0, the delay is in ms. */
export type Synapse =
  | readonly [source: number, target: number, weight: number, delay?: number]
  | { readonly source: number; readonly target: number; readonly weight: number; readonly delay?: number }

export interface SynapsesPattern {
  readonly kind: 'synapses'
  readonly entries: readonly Synapse[]
}

export interface RulePattern {
  readonly kind: 'rule'
  readonly rule: Partial<ConnectionRule>
  readonly weights: number | Initializer | FanIn
}

export type Pattern = DensePattern | SynapsesPattern | RulePattern

/** Delays that differ within a projection. */
export type DelayChoice =
  | { readonly kind: 'perSource'; readonly values: Quantity }
  | { readonly kind: 'perSynapse'; readonly values: Quantity | DelayMatrix }

export interface ConnectOptions {
  /** In ms: one number for all synapses, `perSource(…)` or `perSynapse(…)`. Default: no delay, and none to learn. */
  readonly delay?: number | DelayChoice
  /** Replaces the key `source->target`. */
  readonly name?: string
  /** All weights have this sign, or are 0, and keep it as they learn. Default: either sign. */
  readonly sign?: Sign
  /** Operators that keep or drop spikes and delay them, the first one first; see `operator`. Default: none. */
  readonly through?: readonly ModuleReference[]
}

/** A projection as it is asked for, before the network is defined. */
export interface Connection<Source extends string = string, Target extends string = string> {
  readonly source: Source
  readonly target: Target
  readonly pattern: Pattern
  readonly options: ConnectOptions
}

/**
 * Joins two groups; several connections may join the same pair, and a group may be joined to itself.
 *
 * @example connect('input', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) })
 */
export function connect<Source extends string, Target extends string>(
  source: Source,
  target: Target,
  pattern: Pattern,
  options: ConnectOptions = {},
): Connection<Source, Target> {
  readPlain(options, 'options')
  return Object.freeze({ source, target, pattern, options: Object.freeze({ ...options }) })
}

/** Settings of `operator` beside the options of its module. */
export interface OperatorPlace {
  /** The function that the module exports; default 'createOperator'. */
  readonly export?: string
  /** By which workers of other machines find their copy below their `--modules` folder; default: the last part of the URL. */
  readonly name?: string
}

const OPERATOR_PLACE: Readers<OperatorPlace> = { export: asGiven, name: asGiven }

/** Default name of the function that a module of an operator exports. */
export const OPERATOR_EXPORT = 'createOperator'

/**
 * An operator for the spikes of a projection: a router, a faulty link, an axon. Its module exports `createOperator`, see
 * `CreateOperator`; every partition loads it where it is.
 *
 * Raises `InputError` MODULE_URL for what is no file, MODULE_OPTIONS for options that are no plain data, MODULE_NAME.
 *
 * @param module URL of a file, or an absolute path; code never travels
 * @param options handed to `createOperator`: finite numbers, texts, truths, null, lists and plain objects of these
 *
 * @example
 * connect('a', 'b', dense(1), { delay: 1, through: [operator(new URL('./router.js', import.meta.url), { loss: 0.1 })] })
 */
export function operator(module: URL | string, options: PlainOptions = {}, place: OperatorPlace = {}): ModuleReference {
  const { export: exported = OPERATOR_EXPORT, name } = readOptions(place, OPERATOR_PLACE, 'place')
  return moduleReference({ module, options, export: exported, name }, 'operator')
}

/** A synapse from every source to every target: one weight for all, a matrix [target][source], or an initializer. */
export function dense(weights: number | WeightMatrix | Initializer | FanIn): DensePattern {
  return Object.freeze({ kind: 'dense', weights })
}

/** The synapses of a list and no others; the same pair may appear more than once. */
export function synapses(entries: readonly Synapse[]): SynapsesPattern {
  return Object.freeze({ kind: 'synapses', entries })
}

export interface RuleOptions {
  /** Neurons of a group that is joined to itself may be joined to themselves; default false. */
  readonly selfConnections?: boolean
  /** The same pair may be joined more than once; default false. */
  readonly multiple?: boolean
}

/**
 * `inDegree` synapses into every target, from sources drawn with equal chances.
 *
 * @example connect('exc', 'exc', fixedInDegree(1000, 4, { multiple: true }), { delay: 1.5 })
 */
export function fixedInDegree(
  inDegree: number,
  weights: number | Initializer | FanIn,
  options: RuleOptions = {},
): RulePattern {
  return rulePattern({ ...plain(options), rule: 'fixedInDegree', inDegree }, weights)
}

/** `outDegree` synapses of every source, to targets drawn with equal chances. */
export function fixedOutDegree(
  outDegree: number,
  weights: number | Initializer | FanIn,
  options: RuleOptions = {},
): RulePattern {
  return rulePattern({ ...plain(options), rule: 'fixedOutDegree', outDegree }, weights)
}

/** A synapse of every pair with the probability given. */
export function fixedProbability(
  probability: number,
  weights: number | Initializer | FanIn,
  options: Pick<RuleOptions, 'selfConnections'> = {},
): RulePattern {
  return rulePattern({ ...plain(options), rule: 'fixedProbability', probability }, weights)
}

/** Unit k to neuron k of a group of the same size. */
export function oneToOne(weights: number | Initializer | FanIn): RulePattern {
  return rulePattern({ rule: 'oneToOne' }, weights)
}

function plain(options: RuleOptions): RuleOptions {
  readPlain(options, 'options')
  return options
}

function rulePattern(rule: Partial<ConnectionRule>, weights: number | Initializer | FanIn): RulePattern {
  return Object.freeze({ kind: 'rule', rule: Object.freeze(rule), weights })
}

/** One delay for each unit of the source group, in ms. */
export function perSource(values: Quantity): DelayChoice {
  return Object.freeze({ kind: 'perSource', values })
}

/** One delay for each synapse, in ms: a matrix [target][source], a flat list in synapse order, or an initializer. */
export function perSynapse(values: Quantity | DelayMatrix): DelayChoice {
  return Object.freeze({ kind: 'perSynapse', values })
}
