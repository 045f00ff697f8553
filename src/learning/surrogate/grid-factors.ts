import { constantsOf } from '../../dynamics/neurons.js'
import {
  DECAY_EXC,
  DECAY_MEM,
  DECAY_MEM_M1,
  decayAdaptation,
  KAPPA_EXC,
  PROPAGATOR_SIZE,
  propagate,
} from '../../dynamics/propagator.js'
import type { LifValues, LiValues } from '../../network/instance.js'

/** The exact propagator over one step, per neuron. */
export interface GridFactors {
  /** e^{-dt/tauMem}, kappa(dt), e^{-dt/tauSyn}, 1 - e^{-dt/tauMem}, e^{-dt/tauAdapt}. */
  readonly membrane: Float32Array
  readonly kappa: Float32Array
  readonly current: Float32Array
  readonly gain: Float32Array
  readonly adaptation: Float32Array
  /** 1/tauMem and 1/tauSyn in 1/ms: what moving an arrival does to V and I. */
  readonly membraneRate: Float32Array
  readonly currentRate: Float32Array
}

/**
 * Between two points of the grid the state moves as the model's equations say, without error:
 *
 *     V := e^{-dt/tauMem} V + kappa(dt) I + bias (1 - e^{-dt/tauMem})      I := e^{-dt/tauSyn} I      A := e^{-dt/tauAdapt} A
 */
export function gridFactors(values: LifValues | LiValues, dt: number): GridFactors {
  const room = () => new Float32Array(values.size)
  const factors = {
    membrane: room(),
    kappa: room(),
    current: room(),
    gain: room(),
    adaptation: room(),
    membraneRate: room(),
    currentRate: room(),
  }
  const step = new Float64Array(PROPAGATOR_SIZE)
  constantsOf(values).forEach((constants, n) => {
    propagate(constants, dt, step)
    factors.membrane[n] = step[DECAY_MEM] as number
    factors.kappa[n] = step[KAPPA_EXC] as number
    factors.current[n] = step[DECAY_EXC] as number
    factors.gain[n] = -(step[DECAY_MEM_M1] as number)
    factors.adaptation[n] = decayAdaptation(constants, dt)
    factors.membraneRate[n] = 1 / constants.tauMem
    factors.currentRate[n] = 1 / constants.exc.tauSyn
  })
  return factors
}
