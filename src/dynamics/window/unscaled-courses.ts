import type { LifValues } from '../../network/instance/instance.js'
import { expm1 } from '../../numerics/expm1.js'
import { deriveConstants } from '../derive-constants.js'
import { KAPPA_EXC, KAPPA_INH, PROPAGATOR_SIZE, propagate } from '../propagator.js'
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
} from '../tau-propagator.js'
import { tauShapesOf } from '../tau-values.js'
import { rateDifference } from '../time-constants.js'
import { writeFields } from '../wasm/fields.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { tausOf } from '../wasm/own-taus.js'
import type { KernelTaus, PlanField } from '../wasm/plan.js'
import { writePlan } from '../wasm/plan.js'
import { LANE_TAUS } from '../wasm/schema/plan.js'
import { COURSE, MOVED, UNSCALED_STATE } from '../wasm/schema/window-records.js'
import { commonTaus, constantFields } from '../wasm/tau-fields.js'
import type { StateForm } from './neuron-columns.js'
import { splitDecay } from './split-decay.js'
import type { WindowPlanFields } from './window-plan.js'

/** State of neurons whose state is not scaled, see assembly/window/unscaled. */
export const UNSCALED: StateForm = {
  names: ['excitatoryCurrent', 'inhibitoryCurrent', 'voltage'],
  doubles: UNSCALED_STATE.size / 8,
}

const OF_LANE = [...LANE_TAUS.numbers.keys()] as readonly PlanField[]

/** Whether a group has neurons that differ in a time constant. */
export function haveOwnTaus(values: LifValues): boolean {
  return tauShapesOf(values).some(({ isCommon }) => !isCommon)
}

export function hasTwoCurrents(values: LifValues): boolean {
  return tauShapesOf(values).some(({ field }) => field === 'tauSynInh')
}

/** What the kernel knows of the time constants of neurons whose state is not scaled: `COURSE`, of each or of all at once. */
export class UnscaledCourses {
  /** The largest kappa of every neuron's excitatory current. */
  readonly peakKappas: Float64Array
  private readonly memory: KernelMemory
  private readonly at: number
  private readonly count: number
  private readonly cell: number

  constructor(memory: KernelMemory, values: LifValues, cell: number) {
    this.memory = memory
    this.cell = cell
    this.count = haveOwnTaus(values) ? values.size : 1
    this.at = memory.takeZeros(COURSE.size * this.count)
    this.peakKappas = new Float64Array(values.size)
    this.follow(values)
  }

  /** Fields of the plan. */
  fields(values: LifValues): WindowPlanFields {
    const places = values.size + (values.size % 2)
    return {
      ...{ isUnscaled: 1, hasTwoCurrents: Number(hasTwoCurrents(values)) },
      ...{ coursesAt: this.at, courseStep: haveOwnTaus(values) ? COURSE.size : 0 },
      movedAt: this.memory.take(MOVED.size * places),
    }
  }

  /** Of a neuron's record. */
  addressOf(n: number): number {
    return this.at + (this.count === 1 ? 0 : COURSE.size * n)
  }

  /** Takes over the time constants of now; the cell is what it was. */
  follow(values: LifValues): void {
    const { memory, at, count, cell, peakKappas } = this
    writePlan(memory, constantFields(commonTaus(values)))
    for (let n = 0; n < count; n++) {
      const taus = tausOf(values, n)
      const record = at + COURSE.size * n
      const fields = constantFields(taus)
      const ofLane = Object.fromEntries(OF_LANE.map((name) => [name, fields[name] as number]))
      writeFields(memory, COURSE, record, { ...cellFields(taus, cell), ...stepFields(taus, cell) })
      writeFields(memory, LANE_TAUS, record + COURSE.at.taus, ofLane)
      peakKappas.fill(fields.peakKappa as number, n, count === 1 ? peakKappas.length : n + 1)
    }
  }
}

/** How the state passes over a whole cell, and the derivatives. */
function cellFields({ tauMem, tauSyn, tauSynInh, tauAdapt }: KernelTaus, cell: number) {
  const constants = deriveConstants(tauMem, tauSyn, tauSynInh, tauAdapt)
  const factors = new Float64Array(PROPAGATOR_SIZE)
  const by = new Float64Array(TAU_PROPAGATOR_SIZE)
  propagate(constants, cell, factors)
  propagateTaus(constants, cell, factors, by)
  const [mem, exc, inh] = [splitDecay(cell, tauMem), splitDecay(cell, tauSyn), splitDecay(cell, tauSynInh)]
  return {
    ...{ cellMem: mem.high, cellMemRest: mem.rest },
    ...{ cellExc: exc.high, cellExcRest: exc.rest, cellInh: inh.high, cellInhRest: inh.rest },
    ...{ cellKappaExc: factors[KAPPA_EXC] as number, cellKappaInh: factors[KAPPA_INH] as number },
    ...{ cellGrowth: expm1(Math.min(cell / tauMem, 700)), memByMem: by[DECAY_MEM_BY_MEM] as number },
    ...{ excBySyn: by[DECAY_EXC_BY_SYN] as number, inhBySyn: by[DECAY_INH_BY_SYN] as number },
    ...{ kappaExcByMem: by[KAPPA_EXC_BY_MEM] as number, kappaInhByMem: by[KAPPA_INH_BY_MEM] as number },
    ...{ kappaExcBySyn: by[KAPPA_EXC_BY_SYN] as number, kappaInhBySyn: by[KAPPA_INH_BY_SYN] as number },
  }
}

/** What steps within a cell are made of. */
function stepFields({ tauMem, tauSyn, tauSynInh, tauAdapt }: KernelTaus, cell: number) {
  let halvings = 0
  for (let longest = cell / Math.min(tauMem, tauSyn, tauSynInh); longest > 1 / 4; longest /= 2) halvings++
  return {
    ...{ perMem: 1 / tauMem, perExc: 1 / tauSyn, perInh: 1 / tauSynInh, halvings, tauAdapt },
    ...{ gapExc: rateDifference(tauSyn, tauMem), gapInh: rateDifference(tauSynInh, tauMem) },
  }
}
