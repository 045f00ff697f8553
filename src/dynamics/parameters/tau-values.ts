import { InternalError } from '../../events/errors.js'
import type { TauField, TauShape } from '../../network/description/time-constants.js'
import type { KernelValues, LifValues, NeuronValues } from '../../network/instance/instance.js'
import { hasNeurons, isSpiking } from '../../network/models/models.js'
import type { ParameterLayout, TauPlace } from './parameter-layout.js'

/** The time constants of the neurons held, in ms: one number per neuron. */
export type TauValues = Pick<LifValues, 'tauMem' | 'tauSynExc' | 'tauSynInh' | 'tauAdapt'>

/** How the time constants of a group are given; hand-made values have one number per neuron, actors none. */
export function tauShapesOf(values: KernelValues): readonly TauShape[] {
  if (!hasNeurons(values)) return []
  if (values.tauShapes !== undefined) return values.tauShapes
  const synaptic = values.tauSynExc === values.tauSynInh ? (['tauSyn'] as const) : (['tauSynExc', 'tauSynInh'] as const)
  const fields: readonly TauField[] = ['tauMem', ...synaptic, ...(isSpiking(values) ? (['tauAdapt'] as const) : [])]
  return fields.map((field) => ({ field, isCommon: false }))
}

/** A time constant as the description says, one number per neuron held. */
export function describedTau(values: NeuronValues, field: TauField): Float64Array {
  switch (field) {
    case 'tauMem':
      return values.tauMem
    case 'tauSyn':
    case 'tauSynExc':
      return values.tauSynExc
    case 'tauSynInh':
      return values.tauSynInh
    case 'tauAdapt':
      if (isSpiking(values)) return values.tauAdapt
      throw new InternalError(`"${values.name}" does not adapt.`)
  }
}

/** The time constants that a parameter vector holds; leaky integrators have that of the membrane for `tauAdapt`. */
export function tausIn(parameters: Float64Array, layout: ParameterLayout): TauValues {
  const { size } = layout
  return tausAt(layout, ({ at, isCommon }) => {
    return isCommon ? new Float64Array(size).fill(parameters[at] as number) : parameters.slice(at, at + size)
  })
}

/** The time constants of the first neuron held: where all are common, those of every neuron. */
export function firstTausIn(
  parameters: Float64Array,
  layout: Pick<ParameterLayout, 'taus'>,
): Readonly<Record<keyof TauValues, number>> {
  return tausAt(layout, ({ at }) => parameters[at] as number)
}

/** What is read at the places of the time constants. */
function tausAt<Read>(
  { taus }: Pick<ParameterLayout, 'taus'>,
  read: (place: TauPlace) => Read,
): Readonly<Record<keyof TauValues, Read>> {
  const find = (field: TauField) => taus.find((place) => place.field === field)
  const [mem, exc] = [find('tauMem'), find('tauSyn') ?? find('tauSynExc')]
  if (mem === undefined || exc === undefined) throw new InternalError('Neurons need time constants.')
  const [inh, adapt] = [find('tauSynInh'), find('tauAdapt')]
  const [tauMem, tauSynExc] = [read(mem), read(exc)]
  return {
    tauMem,
    tauSynExc,
    tauSynInh: inh === undefined ? tauSynExc : read(inh),
    tauAdapt: adapt === undefined ? tauMem : read(adapt),
  }
}

/** Whether two vectors hold the same time constants. */
export function haveSameTaus(a: TauValues, b: TauValues): boolean {
  const fields = ['tauMem', 'tauSynExc', 'tauSynInh', 'tauAdapt'] as const
  return fields.every((field) => a[field].every((tau, n) => tau === b[field][n]))
}
