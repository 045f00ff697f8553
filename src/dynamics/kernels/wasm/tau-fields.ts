import type { LifValues, LiValues } from '../../../network/instance/instance.js'
import { isSpiking } from '../../../network/models/models.js'
import { deriveConstants } from '../../equations/derive-constants.js'
import { searchHorizon } from '../../equations/rolle.js'
import { rateDifference } from '../../equations/time-constants.js'
import type { HeaderFields, KernelTaus } from './header.js'

/** The time constants that all neurons of a group share as the description says, or those of its first one, in ms. */
export function commonTaus(values: LifValues | LiValues): KernelTaus {
  const tauMem = values.tauMem[0] as number
  return {
    tauMem,
    tauSyn: values.tauSynExc[0] as number,
    tauSynInh: values.tauSynInh[0] as number,
    tauAdapt: isSpiking(values) ? (values.tauAdapt[0] as number) : tauMem,
  }
}

/** What follows from the time constants. */
export function constantFields(taus: KernelTaus): HeaderFields {
  const { tauMem, tauSyn, tauSynInh, tauAdapt } = taus
  const c = deriveConstants(tauMem, tauSyn, tauSynInh, tauAdapt)
  const { rate, scale, membraneIsSlower } = c.exc
  const ratioTo = (tau: number) => [1, 2, 4].find((factor) => tauMem === factor * tau) ?? 0
  return {
    ...{ tauMem, tauSyn, perTauMem: 1 / tauMem, perTauSyn: 1 / tauSyn, rate, scale, tauAdapt },
    ...{ peakTime: c.peakTime, peakKappa: c.peakKappa, searchHorizon: searchHorizon(c) },
    ...{ rateGap: rateDifference(tauMem, tauSyn), membraneIsSlower: Number(membraneIsSlower), ratio: ratioTo(tauSyn) },
    ...{ tauSynInh, perTauSynInh: 1 / tauSynInh, rateInh: c.inh.rate, scaleInh: c.inh.scale },
    ...{ inhibitionGap: rateDifference(tauSynInh, tauSyn), ratioInh: ratioTo(tauSynInh) },
    membraneIsSlowerInh: Number(c.inh.membraneIsSlower),
  }
}
