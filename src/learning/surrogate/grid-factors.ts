import {
  DECAY_EXC,
  DECAY_MEM,
  DECAY_MEM_M1,
  decayAdaptation,
  KAPPA_EXC,
  PROPAGATOR_SIZE,
  propagate,
} from '../../dynamics/equations/propagator.js'
import { constantsOf } from '../../dynamics/models/neurons.js'
import type { LifValues, LiValues } from '../../network/instance/instance.js'
import { isSpiking } from '../../network/models/models.js'

/** The exact propagator over one step, per neuron. */
export interface GridFactors {
  /** e^{-dt/tauMem}, kappa(dt), e^{-dt/tauSyn}, 1 - e^{-dt/tauMem}, e^{-dt/tauAdapt}. */
  readonly membrane: Float64Array
  readonly kappa: Float64Array
  readonly decay: Float64Array
  readonly gain: Float64Array
  readonly relief: Float64Array
  /** 1/tauMem and 1/tauSyn in 1/ms: what moving an arrival does to V and I. */
  readonly membraneRate: Float64Array
  readonly currentRate: Float64Array
}

/**
 * Between two points of the grid the state moves as the model's equations say, without error:
 *
 *     V := e^{-dt/tauMem} V + kappa(dt) I + bias (1 - e^{-dt/tauMem})      I := e^{-dt/tauSyn} I      A := e^{-dt/tauAdapt} A
 */
export function gridFactors(values: LifValues | LiValues, dt: number): GridFactors {
  const tauAdapt = isSpiking(values) ? values.tauAdapt : values.tauMem
  const constants = constantsOf({ ...values, tauAdapt })
  const step = new Float64Array(PROPAGATOR_SIZE)
  const each = (factor: (n: number) => number) => Float64Array.from(constants, (_, n) => factor(n))
  const place = (at: number, sign: 1 | -1 = 1) =>
    each((n) => {
      propagate(constants[n] as (typeof constants)[number], dt, step)
      return sign * (step[at] as number)
    })
  return {
    membrane: place(DECAY_MEM),
    kappa: place(KAPPA_EXC),
    decay: place(DECAY_EXC),
    gain: place(DECAY_MEM_M1, -1),
    relief: Float64Array.from(constants, (constant) => decayAdaptation(constant, dt)),
    membraneRate: Float64Array.from(constants, ({ tauMem }) => 1 / tauMem),
    currentRate: Float64Array.from(constants, ({ exc }) => 1 / exc.tauSyn),
  }
}
