import type { LifValues, LiValues } from '../../network/instance.js'
import { deriveConstants } from '../derive-constants.js'
import type { ParameterLayout } from '../parameter-layout.js'
import { searchHorizon } from '../rolle.js'
import type { Synapses } from '../synapses.js'
import type { TimeConstants } from '../time-constants.js'
import { rateDifference } from '../time-constants.js'
import type { KernelMemory } from './kernel-memory.js'
import { type PlanField, writePlan } from './plan.js'

/** Neurons that are worked on together. */
export const OCTET = 8
/** Bytes of one double per lane. */
const ROW = 8 * OCTET

/** What lies in a kernel's memory from run to run; neurons in octets, one lane each, lanes beyond the last neuron idle. */
export interface OctetLayout {
  readonly octets: number
  /** Source units of all projections, and the first row of each projection. */
  readonly rows: number
  readonly firstRow: readonly number[]
  /** Addresses of the parameters and of a gradient vector, as `ParameterLayout` orders them. */
  readonly parameters: number
  readonly gradient: number
  readonly weights: number
  /** Some projection has delays per synapse: every neuron has an order of arrivals of its own. */
  readonly hasOwnDelays: boolean
  /** One double per lane: threshold - bias, vReset - bias, adaptStep, bias. */
  readonly thresholds: number
  readonly resets: number
  readonly adaptSteps: number
  readonly biases: number
  /** Bytes of one octet's gradient: rows of weights, then bias, threshold and adaptStep, then rows of delays. */
  readonly gradientBytes: number
}

/** The time constants that all neurons of a group share. */
export function commonConstants(values: LifValues | LiValues): TimeConstants {
  const [tauMem, tauSyn] = [values.tauMem[0] as number, values.tauSynExc[0] as number]
  return deriveConstants(tauMem, tauSyn, tauSyn, values.kind === 'lif' ? (values.tauAdapt[0] as number) : tauMem)
}

/** Takes the memory and writes everything that no learning changes. */
export function layOutOctets(
  memory: KernelMemory,
  values: LifValues | LiValues,
  synapses: Synapses,
  layout: ParameterLayout,
): OctetLayout {
  const octets = Math.ceil(values.size / OCTET)
  let rows = 0
  const firstRow = synapses.afferents.map(({ sourceSize }) => {
    rows += sourceSize
    return rows - sourceSize
  })
  const parameters = memory.takeZeros(8 * layout.length)
  const gradient = memory.takeZeros(8 * layout.gradientLength)
  const weights = memory.takeZeros(ROW * rows * octets)
  const perLane = () => memory.takeZeros(ROW * octets)
  const hasOwnDelays = synapses.afferents.some(({ delayShape }) => delayShape === 'perSynapse')
  const gradientBytes = ROW * (rows + 3 + (hasOwnDelays ? rows : 0))
  if (hasOwnDelays) takeDelays(memory, ROW * rows * octets)
  const neurons = { thresholds: perLane(), resets: perLane(), adaptSteps: perLane(), biases: perLane() }
  const places = { octets, rows, weights, gradientBytes, ...neurons }
  writePlan(memory, {
    ...constantFields(commonConstants(values)),
    ...places,
    ...{ size: values.size, firstUnit: values.start, fires: Number(values.kind === 'lif') },
  })
  return { ...places, hasOwnDelays, firstRow, parameters, gradient }
}

/** Delays, and two factors per synapse that follow from each, twice; see assembly/delayed-pack.ts. */
function takeDelays(memory: KernelMemory, bytes: number): void {
  writePlan(memory, {
    delays: memory.takeZeros(bytes),
    drives: memory.takeZeros(2 * bytes),
    growths: memory.takeZeros(2 * bytes),
  })
}

function constantFields(c: TimeConstants): Partial<Record<PlanField, number>> {
  const { tauSyn, rate, scale, membraneIsSlower } = c.exc
  const ratio = [1, 2, 4].find((factor) => c.tauMem === factor * tauSyn) ?? 0
  return {
    ...{ tauMem: c.tauMem, tauSyn, rate, scale, tauAdapt: c.tauAdapt },
    ...{ peakTime: c.peakTime, peakKappa: c.peakKappa, searchHorizon: searchHorizon(c) },
    ...{ rateGap: rateDifference(c.tauMem, tauSyn), membraneIsSlower: Number(membraneIsSlower), ratio },
  }
}
