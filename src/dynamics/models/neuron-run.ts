import type { IntegralWeighting } from '../equations/integral-response.js'
import type { TimeConstants } from '../equations/time-constants.js'
import type { ParameterLayout } from '../parameters/parameter-layout.js'
import type { Adjoint } from './adjoint.js'
import type { Memory } from './memory.js'
import type { Neurons } from './neurons.js'
import type { PeakTape } from './peak-tape.js'
import { TauAdjoint } from './tau-adjoint.js'

/** How many trials there are, how many of them are resident at once, and what is to be kept. */
export interface RunShape {
  readonly trials: number
  /** 1 when trials run one after the other, else the number of trials. */
  readonly slots: number
  /** Keep the voltage maximum of silent neurons that could spike. */
  readonly trackSilent: boolean
  readonly gradients: boolean
  /** Also those by the time constants. */
  readonly tauGradient: boolean
  /** Readouts are integrated. */
  readonly integral?: IntegralWeighting | undefined
}

/** Where the neurons of a group and their adjoint are to live. */
export interface NeuronPlace {
  readonly memory: Memory
  /** One per neuron. */
  readonly constants: readonly TimeConstants[]
  readonly shape: RunShape
  readonly layout: ParameterLayout
  /** Offset of the learnable parameters. */
  readonly parameters: number
}

/** The neurons of a group, one model's equations forward and backward. */
export interface NeuronRun {
  readonly neurons: Neurons
  readonly adjoint: Adjoint
  readonly peaks: PeakTape | null
  /** Of readouts that are integrated: their integrals by [trial][neuron], once the trials have ended. */
  integrals?(): Float64Array
  /** Called once the memory is there. @param end of what was taken */
  begin?(end: number): void
}

/** Takes memory for the neurons of a model and their adjoint. */
export type LayOutNeurons<Values> = (values: Values, place: NeuronPlace) => NeuronRun

/** The adjoint by the time constants; null where that gradient is not wanted. @param bias offset of the biases */
export function tauAdjointAt({ memory, constants, shape }: NeuronPlace, bias: number): TauAdjoint | null {
  return shape.tauGradient ? new TauAdjoint(memory, constants, shape.slots, bias) : null
}
