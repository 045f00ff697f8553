import type { LifValues } from '../../../../network/instance/instance.js'
import { expm1 } from '../../../../numerics/expm1.js'
import { deriveConstants } from '../../../equations/derive-constants.js'
import { KAPPA_EXC, KAPPA_INH, PROPAGATOR_SIZE, propagate } from '../../../equations/propagator.js'
import {
  DECAY_EXC_BY_SYN,
  DECAY_INH_BY_SYN,
  DECAY_MEM_BY_MEM,
  KAPPA_EXC_BY_MEM,
  KAPPA_EXC_BY_SYN,
  KAPPA_INH_BY_MEM,
  KAPPA_INH_BY_SYN,
  propagateTaus,
  TAU_PROPAGATOR_SIZE,
} from '../../../equations/tau-propagator.js'
import { rateDifference } from '../../../equations/time-constants.js'
import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import { tauShapesOf } from '../../../parameters/tau-values.js'
import { tausOf } from '../../simd/layout/taus-per-neuron.js'
import { writeFields } from '../../wasm/fields.js'
import { type HeaderField, type KernelTaus, writeHeader } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { LANE_TAUS } from '../../wasm/schema/header.js'
import { COURSE, MOVED, UNSCALED_STATE } from '../../wasm/schema/window-records.js'
import { commonTaus, constantFields } from '../../wasm/tau-fields.js'
import type { StateForm } from '../neurons/neuron-columns.js'
import type { WindowHeaderFields } from '../window-header.js'
import { splitDecay } from './bin-grid.js'

/** State of neurons whose state is not scaled, see assembly/window/unscaled. */
export const UNSCALED: StateForm = {
  names: ['excitatoryCurrent', 'inhibitoryCurrent', 'voltage'],
  doubles: UNSCALED_STATE.size / 8,
}

const OF_LANE = [...LANE_TAUS.numbers.keys()] as readonly HeaderField[]

/** Whether a group has neurons that differ in a time constant. */
function haveTausPerNeuron(values: LifValues): boolean {
  return tauShapesOf(values).some(({ isCommon }) => !isCommon)
}

/** What the kernel knows of the time constants of neurons whose state is not scaled: `COURSE`, of each or of all at once. */
export class UnscaledTrajectories {
  /** The largest kappa of every neuron's excitatory current. */
  readonly peakKappas: Float64Array
  private readonly memory: KernelMemory
  private readonly at: number
  private readonly count: number
  private readonly bin: number

  constructor(memory: KernelMemory, values: LifValues, bin: number) {
    this.memory = memory
    this.bin = bin
    this.count = haveTausPerNeuron(values) ? values.size : 1
    this.at = memory.takeZeros(COURSE.size * this.count)
    this.peakKappas = new Float64Array(values.size)
    this.follow(values)
  }

  /** Fields of the header. */
  fields(values: LifValues): WindowHeaderFields {
    const places = values.size + (values.size % 2)
    return {
      ...{ isUnscaled: 1, hasTwoCurrents: Number(hasTwoCurrents(values)) },
      ...{ coursesAt: this.at, courseStep: haveTausPerNeuron(values) ? COURSE.size : 0 },
      movedAt: this.memory.take(MOVED.size * places),
    }
  }

  /** Of a neuron's record. */
  addressOf(n: number): number {
    return this.at + (this.count === 1 ? 0 : COURSE.size * n)
  }

  /** Takes over the time constants of now; the bin is what it was. */
  follow(values: LifValues): void {
    const { memory, at, count, bin, peakKappas } = this
    writeHeader(memory, constantFields(commonTaus(values)))
    for (let n = 0; n < count; n++) {
      const taus = tausOf(values, n)
      const record = at + COURSE.size * n
      const fields = constantFields(taus)
      const ofLane = Object.fromEntries(OF_LANE.map((name) => [name, fields[name] as number]))
      writeFields(memory, COURSE, record, { ...binFields(taus, bin), ...stepFields(taus, bin) })
      writeFields(memory, LANE_TAUS, record + COURSE.at.taus, ofLane)
      peakKappas.fill(fields.peakKappa as number, n, count === 1 ? peakKappas.length : n + 1)
    }
  }
}

/** How the state passes over a whole bin, and the derivatives. */
function binFields({ tauMem, tauSyn, tauSynInh, tauAdapt }: KernelTaus, bin: number) {
  const constants = deriveConstants(tauMem, tauSyn, tauSynInh, tauAdapt)
  const factors = new Float64Array(PROPAGATOR_SIZE)
  const by = new Float64Array(TAU_PROPAGATOR_SIZE)
  propagate(constants, bin, factors)
  propagateTaus(constants, bin, factors, by)
  const [mem, exc] = [splitDecay(bin, tauMem), splitDecay(bin, tauSyn)]
  const inh = tauSynInh === tauSyn ? exc : splitDecay(bin, tauSynInh)
  return {
    ...{ binMem: mem.high, binMemRest: mem.rest },
    ...{ binExc: exc.high, binExcRest: exc.rest, binInh: inh.high, binInhRest: inh.rest },
    ...{ binKappaExc: factors[KAPPA_EXC] as number, binKappaInh: factors[KAPPA_INH] as number },
    ...{ binGrowth: expm1(Math.min(bin / tauMem, 700)), memByMem: by[DECAY_MEM_BY_MEM] as number },
    ...{ excBySyn: by[DECAY_EXC_BY_SYN] as number, inhBySyn: by[DECAY_INH_BY_SYN] as number },
    ...{ kappaExcByMem: by[KAPPA_EXC_BY_MEM] as number, kappaInhByMem: by[KAPPA_INH_BY_MEM] as number },
    ...{ kappaExcBySyn: by[KAPPA_EXC_BY_SYN] as number, kappaInhBySyn: by[KAPPA_INH_BY_SYN] as number },
  }
}

/** What steps within a bin are made of. */
function stepFields({ tauMem, tauSyn, tauSynInh, tauAdapt }: KernelTaus, bin: number) {
  let halvings = 0
  for (let longest = bin / Math.min(tauMem, tauSyn, tauSynInh); longest > 1 / 4; longest /= 2) halvings++
  return {
    ...{ perMem: 1 / tauMem, perExc: 1 / tauSyn, perInh: 1 / tauSynInh, halvings, tauAdapt },
    ...{ gapExc: rateDifference(tauSyn, tauMem), gapInh: rateDifference(tauSynInh, tauMem) },
  }
}
