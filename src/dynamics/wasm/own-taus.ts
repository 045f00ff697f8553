import type { ParameterLayout } from '../parameter-layout.js'
import type { TauValues } from '../tau-values.js'
import { writeFields } from './fields.js'
import type { KernelMemory } from './kernel-memory.js'
import { type KernelTaus, type PlanFields, readPlan } from './plan.js'
import { LANE_TAUS } from './schema/plan.js'
import { OCTET, OWN_TAUS } from './schema/records.js'
import { constantFields } from './tau-fields.js'

/** An exponent below which nothing is reduced, see assembly/numerics/exp-pair.ts. */
const NEAR = 0.28

/** Fields of the plan: room for what neurons have of their own time constants; 0 where all share them. */
export function takeOwnTaus(memory: KernelMemory, { taus }: Pick<ParameterLayout, 'taus'>, octets: number): PlanFields {
  const own = taus.filter(({ isCommon }) => !isCommon)
  const hasOwnCourse = own.some(({ field }) => field !== 'tauAdapt')
  return {
    laneTaus: own.length === 0 ? 0 : memory.takeZeros(LANE_TAUS.size * OCTET * octets),
    ownTaus: hasOwnCourse ? memory.takeZeros(OWN_TAUS.size * octets) : 0,
  }
}

/** Writes the time constants of all lanes where neurons have their own; lanes beyond the last neuron have those of that one. */
export function writeOwnTaus(memory: KernelMemory, taus: TauValues, octets: number): void {
  const laneTaus = readPlan(memory, 'laneTaus')
  const ownTaus = readPlan(memory, 'ownTaus')
  if (laneTaus === 0) return
  const last = taus.tauMem.length - 1
  for (let lane = 0; lane < OCTET * octets; lane++) {
    const fields = constantFields(tausOf(taus, Math.min(lane, last)))
    writeFields(memory, LANE_TAUS, laneTaus + LANE_TAUS.size * lane, fields)
    if (ownTaus !== 0) writeRows(memory, ownTaus + OWN_TAUS.size * Math.floor(lane / OCTET), lane % OCTET, fields)
  }
}

/** Those of one neuron. */
export function tausOf({ tauMem, tauSynExc, tauAdapt }: TauValues, n: number): KernelTaus {
  return { tauMem: tauMem[n] as number, tauSyn: tauSynExc[n] as number, tauAdapt: tauAdapt[n] as number }
}

function writeRows(memory: KernelMemory, at: number, lane: number, fields: ReturnType<typeof constantFields>): void {
  const { perTauMem, perTauSyn, rate, scale, peakTime, peakKappa, membraneIsSlower } = fields
  const place = (row: keyof typeof OWN_TAUS.at) => (at + OWN_TAUS.at[row]) / 8 + lane
  const { f64, u32 } = memory
  f64[place('perTauMem')] = perTauMem
  f64[place('perTauSyn')] = perTauSyn
  f64[place('perSlower')] = membraneIsSlower === 0 ? perTauSyn : perTauMem
  f64[place('rate')] = rate
  f64[place('scale')] = scale
  f64[place('equal')] = rate === 0 ? perTauMem : 0
  f64[place('peakTime')] = peakTime
  f64[place('peakKappa')] = peakKappa
  const near = (at + OWN_TAUS.at.near) / 8
  const fastest = Math.max(perTauMem, perTauSyn)
  f64[near] = lane === 0 ? NEAR / fastest : Math.min(f64[near] as number, NEAR / fastest)
  u32.fill(membraneIsSlower === 0 ? 0 : 0xffffffff, 2 * place('isMembrane'), 2 * place('isMembrane') + 2)
}
