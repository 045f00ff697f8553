import type { LifValues, LiValues } from '../../../network/instance/instance.js'
import { isSpiking } from '../../../network/models/models.js'
import type { IntegralWeighting } from '../../equations/integral-response.js'
import { Adjoint, type GradientOffsets } from '../../models/adjoint.js'
import { LiIntegralAdjoint, LiIntegrators, LiNeurons } from '../../models/li.js'
import { LifNeurons } from '../../models/lif.js'
import { LifAdjoint } from '../../models/lif-adjoint.js'
import { Memory } from '../../models/memory.js'
import { constantsOf, type Neurons } from '../../models/neurons.js'
import { PeakTape } from '../../models/peak-tape.js'
import { SpikeTape } from '../../models/spike-tape.js'
import { TauAdjoint } from '../../models/tau-adjoint.js'
import { hasTwoCurrents, holds } from '../../parameters/group-traits.js'
import { type ParameterLayout, tauOffsets } from '../../parameters/parameter-layout.js'
import type { TauValues } from '../../parameters/tau-values.js'

/** How many trials there are, how many of them are resident at once, and what is to be kept. */
export interface RunShape {
  readonly trials: number
  /** 1 when trials run one after the other, else the number of trials. */
  readonly slots: number
  /** Keep the voltage maximum of silent LIF neurons. */
  readonly trackSilent: boolean
  readonly gradients: boolean
  /** Also those by the time constants. */
  readonly tauGradient: boolean
  /** LI readouts are integrated. */
  readonly integral?: IntegralWeighting | undefined
}

/** The memory of one group laid out for runs of one shape, and the neurons and adjoint that live in it. */
export interface KernelRun {
  readonly shape: RunShape
  readonly memory: Memory
  /** Offset of the learnable parameters. */
  readonly parameters: number
  /** Offset of the gradient vectors, one per slot. */
  readonly gradients: number
  readonly neurons: Neurons
  readonly adjoint: Adjoint
  readonly peaks: PeakTape | null
  /** The neurons, if they are readouts that are integrated. */
  readonly integrators?: LiIntegrators
  /** Where a slot sums the gradients of its trial. */
  gradientOffsets(slot: number): GradientOffsets
}

/** @param taus the time constants that the neurons have now */
export function layOutRun(
  values: LifValues | LiValues,
  layout: ParameterLayout,
  shape: RunShape,
  taus: TauValues,
): KernelRun {
  const constants = constantsOf(taus)
  const memory = new Memory()
  const parameters = memory.reals(layout.length)
  const gradients = memory.reals(shape.gradients ? shape.slots * layout.gradientLength : 0)
  const neurons = isSpiking(values) ? layOutLif(values) : layOutLi(values)
  const offsets = Array.from({ length: shape.slots }, (_, slot): GradientOffsets => {
    const base = gradients + slot * layout.gradientLength
    return {
      weights: base + layout.weights,
      delays: base + layout.delays,
      bias: base + layout.bias,
      threshold: base + layout.threshold,
      adaptStep: base + layout.adaptStep,
      shared: base + layout.shared,
      ...tauOffsets(layout, base),
    }
  })
  const gradientOffsets = (slot: number) => offsets[slot] as GradientOffsets
  return { shape, memory, parameters, gradients, gradientOffsets, ...neurons }

  function tauAdjoint(bias: number): TauAdjoint | null {
    return shape.tauGradient ? new TauAdjoint(memory, constants, shape.slots, bias) : null
  }

  function layOutLi({ size }: LiValues) {
    const peaks = new PeakTape(memory, shape.trials * size)
    const shared = { bias: parameters + layout.bias, peaks }
    if (shape.integral !== undefined) {
      const integrators = new LiIntegrators(memory, constants, shape, shared, shape.integral)
      const adjoint = new LiIntegralAdjoint(memory, constants, shape, integrators)
      memory.allocate()
      return { neurons: integrators, adjoint, peaks, integrators }
    }
    const li = new LiNeurons(memory, constants, shape, shared)
    const adjoint = new Adjoint(memory, constants, shape.slots, peaks, tauAdjoint(shared.bias))
    memory.allocate()
    return { neurons: li, adjoint, peaks }
  }

  function layOutLif(values: LifValues) {
    const { name, start, size, total, vReset, refractory } = values
    const at = {
      bias: parameters + layout.bias,
      threshold: parameters + layout.threshold,
      adaptStep: parameters + layout.adaptStep,
      vReset: memory.reals(size),
      refractory: memory.reals(size),
    }
    const peaks = shape.trackSilent ? new PeakTape(memory, shape.trials * size) : null
    const columns = { split: hasTwoCurrents(values), refractory: holds(values) }
    const tape = new SpikeTape(memory, columns)
    const group = { name, start, total }
    const lif = new LifNeurons(memory, constants, shape, { group, parameters: at, tape, peaks })
    const shared = { group, parameters: at, neurons: lif, taus: tauAdjoint(at.bias) }
    const adjoint = new LifAdjoint(memory, constants, shape.slots, shared)
    tape.begin(memory.allocate())
    memory.f64.set(vReset, at.vReset)
    memory.f64.set(refractory, at.refractory)
    return { neurons: lif, adjoint, peaks }
  }
}
