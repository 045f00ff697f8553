import { LI, type LiGroup, type LiValues } from './li.js'
import { LIF, type LifGroup, type LifValues } from './lif.js'
import { type LearnedField, NEURON_PARAMETERS, type NeuronModel, type NeuronParameterKind } from './neuron-model.js'

/** Every neuron model, by its kind. */
export const NEURON_MODELS = Object.freeze({ lif: LIF, li: LI })

type Models = typeof NEURON_MODELS
export type NeuronKind = keyof Models
/** Kinds of neurons that fire, and of those that are read out. */
export type FiringKind = { [Kind in NeuronKind]: Models[Kind]['fires'] extends true ? Kind : never }[NeuronKind]
export type ReadoutKind = Exclude<NeuronKind, FiringKind>

/** Descriptions and numbers of groups of neurons. */
export type NeuronGroups = LifGroup | LiGroup
export type NeuronValues = LifValues | LiValues
export type FiringValues = Extract<NeuronValues, { readonly kind: FiringKind }>

/** What tells the kind of a group: its description, its numbers. */
interface OfKind {
  readonly kind: string
}

const byKind: ReadonlyMap<string, NeuronModel> = new Map<string, NeuronModel>(Object.entries(NEURON_MODELS))

/** Null for sources and actors, which have no voltages. */
export function modelOf({ kind }: OfKind): NeuronModel | null {
  return byKind.get(kind) ?? null
}

/** Whether a group is one of neurons as the models have them. */
export function hasNeurons<Group extends OfKind>(group: Group): group is Extract<Group, { readonly kind: NeuronKind }> {
  return modelOf(group) !== null
}

/** Whether a group is one of neurons that fire. */
export function isSpiking<Group extends OfKind>(group: Group): group is Extract<Group, { readonly kind: FiringKind }> {
  return modelOf(group)?.fires === true
}

/** Whether a group is one of neurons whose voltage is read out: they never fire. */
export function isReadout<Group extends OfKind>(group: Group): group is Extract<Group, { readonly kind: ReadoutKind }> {
  return modelOf(group)?.fires === false
}

/** Whether a group sends spikes: every one but readouts. */
export function canSpike<Group extends OfKind>(group: Group): group is Exclude<Group, { readonly kind: ReadoutKind }> {
  return !isReadout(group)
}

/** Whether it does so because of what arrives: neurons that fire, and actors. */
export function respondsInSpikes(group: OfKind): boolean {
  return isSpiking(group) || group.kind === 'actor'
}

/** An array of parameters of neurons, and the field that holds it. */
export interface LearnableArray {
  readonly kind: NeuronParameterKind
  readonly field: LearnedField
}

/** What a group can learn beside time constants, in file order. */
export function learnableOf(group: OfKind): readonly LearnableArray[] {
  return (modelOf(group)?.learnable ?? []).map((kind) => ({ kind, field: NEURON_PARAMETERS[kind] }))
}

/** Something of every array that neurons can learn, by its field: the bias, which all have, first. */
export function byLearnedField<Value>(group: OfKind, read: (field: LearnedField) => Value): ByLearnedField<Value> {
  const others = learnableOf(group).filter(({ kind }) => kind !== 'bias')
  return { bias: read('bias'), ...Object.fromEntries(others.map(({ field }) => [field, read(field)])) }
}

/** Neurons of every model learn their bias. */
export type ByLearnedField<Value> = { readonly [Field in LearnedField]?: Value } & { readonly bias: Value }

/** The numbers of a field that a group can learn, one per neuron held. */
export function learnedValues(values: NeuronValues, field: LearnedField): Float64Array {
  return (values as unknown as Readonly<Record<LearnedField, Float64Array>>)[field]
}
