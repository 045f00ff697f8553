import type { LifValues, LiValues } from '../../network/instance/instance.js'
import type { ParameterLayout } from '../parameter-layout.js'
import type { Afferent, Synapses } from '../synapses.js'
import { tauShapesOf } from '../tau-values.js'
import { writeFields } from './fields.js'
import type { KernelMemory } from './kernel-memory.js'
import { takeOwnTaus } from './own-taus.js'
import { type PlanField, writePlan } from './plan.js'
import { ADAM_STEP } from './schema/adam-step.js'
import { DELAY_SHAPES, NEURON_ROWS, NOTE, OCTET, PROJECTION, RANGE } from './schema/records.js'
import { ROW, type SynapseRows, synapseRows } from './synapse-rows.js'
import { commonTaus, constantFields } from './tau-fields.js'

/** What lies in a kernel's memory from run to run; neurons in octets, one lane each, lanes beyond the last neuron idle. */
export interface OctetLayout {
  readonly octets: number
  /** Rows of weights, as many as some octet has; the first source unit of each projection among those of all. */
  readonly rows: number
  readonly firstUnit: readonly number[]
  /** Rows of one unit at most: where an octet has several, a spike comes to all of them. */
  readonly mostCopies: number
  /** Addresses of the parameters and of a gradient vector, as `ParameterLayout` orders them. */
  readonly parameters: number
  readonly gradient: number
  /** Address of the optimiser's means, then mean squares, of every parameter; and of the fields of its step. */
  readonly moments: number
  readonly adamFields: number
  /** Every neuron has an order of arrivals of its own. */
  readonly hasOwnFeed: boolean
  /** Neurons have a tauMem or tauSyn of their own. */
  readonly hasOwnTaus: boolean
  /** Bytes of one octet's gradient: rows of weights, then bias, threshold and adaptStep, then rows of delays; time constants come on top. */
  readonly gradientBytes: number
}

/** What is laid out. */
export interface LaidOutGroup {
  readonly values: LifValues | LiValues
  readonly synapses: Synapses
  readonly layout: ParameterLayout
}

/** Whether some neuron has a refractory period. */
export function holds(values: LifValues | LiValues): values is LifValues {
  return values.kind === 'lif' && values.refractory.some((period) => period > 0)
}

/** Whether weights below 0 drive a current of their own, by the description: time constants that are learned may meet. */
export function hasTwoCurrents(values: LifValues | LiValues): boolean {
  return tauShapesOf(values).some(({ field }) => field === 'tauSynInh')
}

/** Takes the memory and writes everything that no learning changes. */
export function layOutOctets(memory: KernelMemory, { values, synapses, layout }: LaidOutGroup): OctetLayout {
  const octets = Math.ceil(values.size / OCTET)
  const inRows = synapseRows(synapses, octets)
  const { rows, units, firstRow, firstUnit, ofUnits, mostCopies } = inRows
  const parameters = memory.takeZeros(8 * layout.length)
  const gradient = memory.takeZeros(8 * layout.gradientLength)
  // Set to zeros when a loop of Adam is made; until then the pages take no room.
  const moments = memory.take(2 * 8 * layout.length)
  const adamFields = memory.take(ADAM_STEP.size)
  const weights = memory.takeZeros(ROW * rows * octets)
  const perLane = () => memory.takeZeros(ROW * octets)
  const hasOwnFeed = synapses.feed === 'own'
  const gradientBytes = ROW * (rows + (hasOwnFeed ? rows : 0)) + NEURON_ROWS.size
  const neurons = {
    ...{ thresholds: perLane(), tests: perLane(), starts: perLane() },
    ...{ resets: perLane(), adaptSteps: perLane(), biases: perLane() },
  }
  const vResets = values.kind === 'lif' ? memory.copy(values.vReset) : 0
  const refractories = holds(values) ? perLane() : 0
  if (holds(values)) memory.f64.set(values.refractory, refractories / 8)
  const ownTaus = takeOwnTaus(memory, layout, octets, parameters)
  const places = { octets, rows, weights, gradientBytes, ...neurons }
  writePlan(memory, {
    ...constantFields(commonTaus(values)),
    ...places,
    ...{ size: values.size, firstUnit: values.start, fires: Number(values.kind === 'lif') },
    hasInhibition: Number(hasTwoCurrents(values)),
    ...{ units, mostCopies, unitRows: ofUnits === null ? 0 : memory.copy(ofUnits.map((row) => ROW * row)) },
  })
  writePlan(memory, {
    ...{ parameters, gradient, vResets, refractories, adamFields },
    ...{ neuronParameters: parameters + 8 * layout.bias, neuronGradient: gradient + 8 * layout.bias },
    tauGradient: gradient + 8 * (layout.taus[0]?.perNeuron ?? 0),
    ...{ projections: takeProjections(), projectionCount: synapses.afferents.length },
    outcomes: memory.takeZeros(NOTE.size * octets),
    absent: takeAbsent(memory, synapses, firstRow, octets),
    ...ownTaus,
    ...(hasOwnFeed ? takeDelays(memory, octets, ROW * rows * octets) : {}),
  })
  const own = { octets, rows, firstUnit, mostCopies, hasOwnFeed, hasOwnTaus: ownTaus.ownTaus !== 0 }
  return { ...own, parameters, gradient, moments, adamFields, gradientBytes }

  function takeProjections(): number {
    const at = memory.take(PROJECTION.size * synapses.afferents.length)
    synapses.afferents.forEach(({ base, delayBase, delayShape, sourceSize }, p) => {
      writeFields(memory, PROJECTION, at + PROJECTION.size * p, {
        weightsAt: 8 * (layout.weights + base),
        delaysAt: 8 * (layout.delays + delayBase),
        firstRow: firstRow[p] as number,
        units: sourceSize,
        delayKind: DELAY_SHAPES.indexOf(delayShape),
        listedAt: takeListed(memory, synapses, p, inRows, octets),
      })
    })
    return at
  }
}

/** The listed synapses of a projection into each octet; see the schema. */
function takeListed(memory: KernelMemory, synapses: Synapses, p: number, rows: SynapseRows, octets: number): number {
  const listed = rows.listed[p] ?? null
  if (listed === null) return 0
  const { base, delayShape } = synapses.afferents[p] as Afferent
  const targetOf = (s: number) => synapses.targets[base + s] as number
  const delayOf = (s: number) => {
    if (delayShape === 'perSynapse') return s
    return delayShape === 'perSource' ? (synapses.sources[base + s] as number) : 0
  }
  const inOctets = Array.from({ length: octets }, (): number[] => [])
  listed.synapses.forEach((s, k) => {
    const place = ROW * (listed.rows[k] as number) + 8 * (targetOf(s) % OCTET)
    // In the order of the fields of `LISTED`.
    inOctets[Math.floor(targetOf(s) / OCTET)]?.push(place, s, delayOf(s))
  })
  const ranges = memory.take(RANGE.size * octets)
  inOctets.forEach((numbers, octet) => {
    const start = memory.copy(Uint32Array.from(numbers))
    writeFields(memory, RANGE, ranges + RANGE.size * octet, { start, end: start + 4 * numbers.length })
  })
  return ranges
}

/** The pairs without a synapse, octet by octet; see the plan. */
function takeAbsent(memory: KernelMemory, synapses: Synapses, firstRow: readonly number[], octets: number): number {
  const pairs = Array.from({ length: octets }, (): number[] => [])
  synapses.afferents.forEach(({ sourceSize }, p) => {
    // Those of others have no place.
    if ((firstRow[p] as number) < 0) return
    synapses.absent[p]?.forEach((isAbsent, pair) => {
      const n = Math.floor(pair / sourceSize)
      const row = (firstRow[p] as number) + (pair % sourceSize)
      if (isAbsent === 1) pairs[Math.floor(n / OCTET)]?.push(ROW * row + 8 * (n % OCTET))
    })
  })
  if (pairs.every(({ length }) => length === 0)) return 0
  const ranges = memory.take(RANGE.size * octets)
  pairs.forEach((list, octet) => {
    const start = memory.copy(Uint32Array.from(list))
    writeFields(memory, RANGE, ranges + RANGE.size * octet, { start, end: start + 4 * list.length })
  })
  return ranges
}

/** Delays, endless where nothing is packed, and what follows from each; see assembly/delayed/pack.ts. */
function takeDelays(memory: KernelMemory, octets: number, bytes: number): Partial<Record<PlanField, number>> {
  const delays = memory.take(bytes)
  memory.f64.fill(Number.POSITIVE_INFINITY, delays / 8, (delays + bytes) / 8)
  return {
    delays,
    drives: memory.takeZeros(2 * bytes),
    synGrowths: memory.takeZeros(bytes),
    memGrowths: memory.takeZeros(bytes),
    longestDelays: memory.takeZeros(ROW * octets),
  }
}
