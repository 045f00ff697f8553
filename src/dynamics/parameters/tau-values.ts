import { InternalError } from '../../events/errors.js'
import { hasNeurons } from '../../network/description/has-neurons.js'
import type { TauField, TauShape } from '../../network/description/time-constants.js'
import type { KernelValues, LifValues, NeuronValues } from '../../network/instance/instance.js'
import type { ParameterLayout } from './parameter-layout.js'

/** The time constants of the neurons held, in ms: one number per neuron. */
export type TauValues = Pick<LifValues, 'tauMem' | 'tauSynExc' | 'tauSynInh' | 'tauAdapt'>

/** How the time constants of a group are given; hand-made values have one number per neuron, actors none. */
export function tauShapesOf(values: KernelValues): readonly TauShape[] {
  if (!hasNeurons(values)) return []
  if (values.tauShapes !== undefined) return values.tauShapes
  const synaptic = values.tauSynExc === values.tauSynInh ? (['tauSyn'] as const) : (['tauSynExc', 'tauSynInh'] as const)
  const fields: readonly TauField[] = ['tauMem', ...synaptic, ...(values.kind === 'lif' ? (['tauAdapt'] as const) : [])]
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
      if (values.kind === 'lif') return values.tauAdapt
      throw new InternalError(`"${values.name}" does not adapt.`)
  }
}

/** The time constants that a parameter vector holds; leaky integrators have that of the membrane for `tauAdapt`. */
export function tausIn(parameters: Float64Array, { taus, size }: ParameterLayout): TauValues {
  const perNeuron = (...fields: readonly TauField[]): Float64Array | undefined => {
    const place = taus.find(({ field }) => fields.includes(field))
    if (place === undefined) return undefined
    if (!place.isCommon) return parameters.slice(place.at, place.at + size)
    return new Float64Array(size).fill(parameters[place.at] as number)
  }
  const tauMem = perNeuron('tauMem')
  const tauSynExc = perNeuron('tauSyn', 'tauSynExc')
  if (tauMem === undefined || tauSynExc === undefined) throw new InternalError('Neurons need time constants.')
  const tauSynInh = perNeuron('tauSynInh') ?? tauSynExc
  return { tauMem, tauSynExc, tauSynInh, tauAdapt: perNeuron('tauAdapt') ?? tauMem }
}

/** Whether two vectors hold the same time constants. */
export function haveSameTaus(a: TauValues, b: TauValues): boolean {
  const fields = ['tauMem', 'tauSynExc', 'tauSynInh', 'tauAdapt'] as const
  return fields.every((field) => a[field].every((tau, n) => tau === b[field][n]))
}
