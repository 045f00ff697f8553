import { InputError } from '../../events/errors.js'
import { expectedSynapses, type RuleShape } from '../description/connection-rule.js'
import { type FanInEnds, isFanIn, settleFanIn } from '../description/fan-in.js'
import type { Group, Projection } from '../description/network.js'
import type { Sign } from '../description/sign.js'
import { describeValue } from '../reading/describe-value.js'
import { suggestionFor } from '../reading/nearest-name.js'
import { type QuantityRule, weightRule } from './quantity-rule.js'
import { type DelayDraft, validateDelays } from './validate-delays.js'
import { type MatrixShape, validateMatrix } from './validate-matrix.js'
import { validateDrawn, validateQuantity } from './validate-quantity.js'
import { validateRule } from './validate-rule.js'
import { validateSynapses } from './validate-synapses.js'
import { validateThrough } from './validate-through.js'

/** A projection as it was handed over, and where. */
export interface ProjectionDraft {
  readonly place: string
  readonly source: unknown
  readonly target: unknown
  /** Undefined for the key that follows from the pair. */
  readonly name: unknown
  /** Undefined where weights may have either sign. */
  readonly sign: unknown
  readonly pattern:
    | { readonly kind: 'dense'; readonly weights: unknown }
    | { readonly kind: 'synapses'; readonly entries: unknown }
    | { readonly kind: 'rule'; readonly rule: unknown; readonly weights: unknown }
  readonly delays: DelayDraft
  /** Undefined for none. */
  readonly through: unknown
  /** Against which paths of modules are resolved; null: no module may be named. */
  readonly modules: string | null | undefined
}

/** Synapse indices are kept in 32 bits. */
const MOST_SYNAPSES = 2 ** 28

/** A projection between known groups, every number of the right shape and in range; it has no key yet. */
export function validateProjection(
  draft: ProjectionDraft,
  groups: ReadonlyMap<unknown, Group>,
): Omit<Projection, 'key'> {
  const source = knownGroup(draft.source, groups, `${draft.place}.source`)
  const target = knownGroup(draft.target, groups, `${draft.place}.target`)
  refuseDirection(source, target, draft.place)
  const shape = { targets: target.size, sources: source.size, isRecurrent: source === target }
  const ends = { source: source.name, target: target.name }
  const sign = validateSign(draft.sign, `${draft.place}.sign`)
  const through = validateThrough(draft.through, `${draft.place}.through`, draft.modules)
  return {
    ...ends,
    ...validatePattern(draft, { source, target, shape }, weightRule(sign)),
    ...(sign === undefined ? {} : { sign }),
    ...(through.length === 0 ? {} : { through }),
  }
}

function validatePattern(
  { pattern, delays, place }: ProjectionDraft,
  { shape, ...ends }: Omit<FanInEnds, 'inputs'> & { readonly shape: RuleShape },
  rule: QuantityRule,
): Pick<Projection, 'connectivity' | 'weights' | 'delays'> {
  if (pattern.kind === 'synapses') {
    const {
      sources,
      targets,
      weights,
      delays: own,
    } = validateSynapses(pattern.entries, shape, rule, `${place}.synapses`)
    const synapses = { kind: 'synapses', shape, count: sources.length, delays: own } as const
    return { connectivity: { kind: 'synapses', sources, targets }, weights, delays: validateDelays(delays, synapses) }
  }
  const field = `${place}.weights`
  const settled = (inputs: number) =>
    isFanIn(pattern.weights) ? settleFanIn(pattern.weights, { ...ends, inputs }, field) : pattern.weights
  if (pattern.kind === 'rule') {
    const connect = validateRule(pattern.rule, shape, `${place}.connect`)
    const count = expectedSynapses(connect, shape, shape.targets)
    refuseTooMany(count, `${place}.connect`)
    return {
      connectivity: { kind: 'rule', rule: connect },
      weights: validateDrawn(settled(count / shape.targets), rule, field),
      delays: validateDelays(delays, { kind: 'rule', shape }),
    }
  }
  refuseTooMany(shape.targets * shape.sources, field)
  const { weights, absent } = Array.isArray(pattern.weights)
    ? matrixWeights(pattern.weights, shape, rule, field)
    : { weights: validateQuantity(settled(shape.sources), shape.targets * shape.sources, rule, field), absent: [] }
  return {
    connectivity: { kind: 'dense', absent },
    weights,
    delays: validateDelays(delays, { kind: 'dense', shape, absent }),
  }
}

function validateSign(value: unknown, field: string): Sign | undefined {
  if (value === undefined || value === 'excitatory' || value === 'inhibitory') return value
  throw new InputError({
    code: 'SIGN_UNKNOWN',
    field,
    found: describeValue(value),
    expected: '"excitatory" or "inhibitory"',
  })
}

function matrixWeights(given: unknown, shape: MatrixShape, rule: QuantityRule, field: string) {
  const { values, absent } = validateMatrix(given, shape, rule, field)
  return { weights: values, absent }
}

function knownGroup(name: unknown, groups: ReadonlyMap<unknown, Group>, field: string): Group {
  const group = groups.get(name)
  if (group !== undefined) return group
  throw new InputError({
    code: 'GROUP_UNKNOWN',
    field,
    found: describeValue(name),
    expected: `one of the groups ${[...groups.keys()].join(', ')}`,
    ...suggestionFor(name, [...groups.keys()].map(String)),
  })
}

function refuseDirection(source: Group, target: Group, place: string): void {
  if (target.kind === 'source') {
    throw new InputError({
      code: 'TARGET_IS_SOURCE',
      field: `${place}.target`,
      found: `"${target.name}", a source, which takes no spikes`,
      expected: 'an lif or li group',
    })
  }
  if (source.kind === 'li') {
    throw new InputError({
      code: 'SOURCE_NEVER_SPIKES',
      field: `${place}.source`,
      found: `"${source.name}", an li group, which emits no spikes`,
      expected: 'a source or lif group',
    })
  }
}

function refuseTooMany(synapses: number, field: string): void {
  if (synapses <= MOST_SYNAPSES) return
  throw new InputError({
    code: 'PROJECTION_TOO_LARGE',
    field,
    found: `${synapses} synapses`,
    expected: `at most ${MOST_SYNAPSES}`,
    remedy: 'Describe fewer, by a rule or a list of those that exist.',
  })
}
