import fc from 'fast-check'
import type { GroupSpec } from '../../src/network/description/network.js'
import { type LiParameters, li } from '../../src/network/models/li.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { arbitraryNeuron, arbitraryScale, arbitraryTauBeside, between } from './arbitraries.js'
import type { NeuronParameters } from './decimal-neuron.js'
import type { KernelFeature } from './kernel-features.js'

/** tauMem and tauSyn; where one is twice or four times the other crossings have a closed form. */
const commonTaus = fc
  .oneof(fc.constant(20), arbitraryScale(4, 40))
  .chain((tauMem) =>
    fc.oneof(fc.constantFrom(tauMem / 2, tauMem / 4), arbitraryTauBeside(tauMem)).map((tauSyn) => ({ tauMem, tauSyn })),
  )

/** With either of these adapting neurons have a tauAdapt each. */
const OWN_ADAPTATION = ['taus per neuron', 'tauAdapt per neuron'] as const satisfies readonly KernelFeature[]

/** @param biasUpTo the largest bias relative to the threshold */
export function kernelGroup(
  kind: 'lif' | 'li',
  size: number,
  features: ReadonlySet<KernelFeature>,
  biasUpTo: number,
): fc.Arbitrary<GroupSpec> {
  const neurons = fc.array(arbitraryNeuron({ biasUpTo }), { minLength: size, maxLength: size })
  const bias = fc.array(fc.oneof(fc.constant(0), between(-0.3, 0.5)), { minLength: size, maxLength: size })
  return fc.record({ common: commonTaus, beside: between(0.3, 3), neurons, bias }).map((drawn) => {
    const taus = tausOf(drawn, features)
    if (kind === 'li') return li(size, { ...taus, bias: drawn.bias } as LiParameters)
    const column = columnsOf(drawn.neurons)
    const adaptation = { adaptStep: column('adaptStep'), tauAdapt: drawn.neurons[0]!.tauAdapt }
    return lif(size, {
      ...taus,
      ...{ threshold: column('threshold'), vReset: column('vReset'), bias: column('bias') },
      ...(features.has('refractory periods') ? { refractory: column('refractory') } : {}),
      ...(features.has('adaptation') ? adaptation : {}),
      ...(features.has('adaptation') && OWN_ADAPTATION.some((each) => features.has(each))
        ? { tauAdapt: column('tauAdapt') }
        : {}),
    } as LifParameters)
  })
}

function tausOf(
  {
    common,
    beside,
    neurons,
  }: { common: { tauMem: number; tauSyn: number }; beside: number; neurons: NeuronParameters[] },
  features: ReadonlySet<KernelFeature>,
) {
  const { tauMem, tauSyn } = common
  const hasTwo = features.has('two currents')
  if (!features.has('taus per neuron'))
    return hasTwo ? { tauMem, tauSynExc: tauSyn, tauSynInh: tauSyn * beside } : common
  const column = columnsOf(neurons)
  const own = { tauMem: column('tauMem'), tauSyn: column('tauSynExc') }
  return hasTwo ? { tauMem: own.tauMem, tauSynExc: own.tauSyn, tauSynInh: column('tauSynInh') } : own
}

function columnsOf(neurons: readonly NeuronParameters[]) {
  return (field: keyof NeuronParameters) => neurons.map((neuron) => neuron[field])
}
