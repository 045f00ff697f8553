import type { TauField } from '../../../src/network/description/time-constants.js'
import type { LifValues } from '../../../src/network/instance/instance.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'

/** A case with other time constants: each times one of some factors, the same for all neurons where these share it. */
export function withOtherTaus<Case extends DrawnKernelCase>(sample: Case, factors: readonly number[]): Case {
  const groups = sample.instance.groups.map((group) =>
    group.name === 'x' ? scaled(group as LifValues, factors) : group,
  )
  return { ...sample, instance: { ...sample.instance, groups } }
}

function scaled(x: LifValues, factors: readonly number[]): LifValues {
  const column = (values: Float64Array, shift: number, ...fields: readonly TauField[]) => {
    const isCommon = x.tauShapes?.some((shape) => shape.isCommon && fields.includes(shape.field)) === true
    return values.map((tau, n) => tau * factors[(isCommon ? shift : n + shift) % factors.length]!)
  }
  const tauSynExc = column(x.tauSynExc, 1, 'tauSyn', 'tauSynExc')
  return {
    ...x,
    tauMem: column(x.tauMem, 0, 'tauMem'),
    tauSynExc,
    tauSynInh: x.tauSynInh === x.tauSynExc ? tauSynExc : column(x.tauSynInh, 2, 'tauSynInh'),
    tauAdapt: column(x.tauAdapt, 3, 'tauAdapt'),
  }
}
