import type { LifValues, LiValues } from '../../../../network/instance/instance.js'
import { isSpiking } from '../../../../network/models/models.js'
import { hasTwoCurrents, holds } from '../../../parameters/group-traits.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { Afferent, Synapses } from '../../../parameters/synapses.js'
import { writeFields } from '../../wasm/fields.js'
import { type HeaderField, writeHeader } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { ADAM_STEP } from '../../wasm/schema/adam-step.js'
import { DELAY_SHAPES, LANE_COUNT, NEURON_ROWS, NOTE, PROJECTION, RANGE } from '../../wasm/schema/records.js'
import { ROWS_AT_WORK } from '../../wasm/schema/rows-at-work.js'
import { commonTaus, constantFields } from '../../wasm/tau-fields.js'
import { ROW, type SynapseRows, synapseRows } from './synapse-rows.js'
import { takeTausPerNeuron } from './taus-per-neuron.js'

/** What lies in a kernel's memory from run to run; neurons in lane groups, one lane each, lanes beyond the last neuron idle. */
export interface SimdLayout {
  readonly laneGroups: number
  /** Rows of weights, as many as some lane group has; the first source unit of each projection among those of all. */
  readonly rows: number
  readonly firstUnit: readonly number[]
  /** Rows of one unit at most: where a lane group has several, a spike comes to all of them. */
  readonly mostCopies: number
  /** Addresses of the parameters and of a gradient vector, as `ParameterLayout` orders them. */
  readonly parameters: number
  readonly gradient: number
  /**
   * Address of the optimiser's means, then mean squares, of every parameter that is not learned in rows; and of the fields
   * of its step.
   */
  readonly moments: number
  readonly adamFields: number
  /** Null where weights are learned in the places of `ParameterLayout`. */
  readonly learnedRows: LearnedRowsPlaces | null
  /** Every neuron has an order of arrivals of its own. */
  readonly hasPerNeuronArrivals: boolean
  /** Neurons have a tauMem or tauSyn of their own. */
  readonly hasTausPerNeuron: boolean
  /**
   * Bytes of one lane group's gradient: rows of weights, then bias, threshold and adaptStep, then rows of delays; time
   * constants come on top.
   */
  readonly gradientBytes: number
}

/** Addresses of what belongs to weights that are learned in rows, [laneGroup][row][lane]. */
export interface LearnedRowsPlaces {
  readonly weights: number
  /** Of the rows alone that anything arrived at. */
  readonly gradients: number
  /** The optimiser's means and mean squares. */
  readonly means: number
  readonly squares: number
  /** Room for the list of rows that anything arrives at. */
  readonly touched: number
  /** `ROWS_AT_WORK`, and a row of zeros; [projection][laneGroup][lane] of sums of squares. */
  readonly atWork: number
  readonly zeros: number
  readonly sums: number
}

/** What is laid out. */
export interface LaidOutGroup {
  readonly values: LifValues | LiValues
  readonly synapses: Synapses
  readonly layout: ParameterLayout
}

/** Takes the memory and writes everything that no learning changes. */
export function layOutLanes(memory: KernelMemory, { values, synapses, layout }: LaidOutGroup): SimdLayout {
  const laneGroups = Math.ceil(values.size / LANE_COUNT)
  const inRows = synapseRows(synapses, laneGroups)
  const { rows, units, firstRow, firstUnit, ofUnits, mostCopies } = inRows
  const parameters = memory.takeZeros(8 * layout.length)
  const gradient = memory.takeZeros(8 * layout.gradientLength)
  const hasPerNeuronArrivals = synapses.feed === 'own'
  // Of the whole group, so that no figure of memory traffic depends on how it is cut.
  const isLearnedInRows = !hasPerNeuronArrivals && !synapses.lacksPairs
  // Set to zeros when a loop of Adam is made; until then the pages take no room.
  const moments = memory.take(2 * 8 * (layout.length - (isLearnedInRows ? layout.delays : 0)))
  const adamFields = memory.take(ADAM_STEP.size)
  const weights = memory.takeZeros(ROW * rows * laneGroups)
  const perLane = () => memory.takeZeros(ROW * laneGroups)
  const learnedRows = isLearnedInRows
    ? takeLearnedRows(memory, weights, { rows, laneGroups, projections: synapses.afferents.length })
    : null
  const gradientBytes = ROW * (rows + (hasPerNeuronArrivals ? rows : 0)) + NEURON_ROWS.size
  const neurons = {
    ...{ thresholds: perLane(), tests: perLane(), starts: perLane() },
    ...{ resets: perLane(), adaptSteps: perLane(), biases: perLane(), heaviest: perLane() },
    heaviestOfProjections: memory.takeZeros(ROW * laneGroups * synapses.afferents.length),
  }
  const vResets = isSpiking(values) ? memory.copy(values.vReset) : 0
  const refractories = holds(values) ? perLane() : 0
  if (holds(values)) memory.f64.set(values.refractory, refractories / 8)
  const tausPerNeuron = takeTausPerNeuron(memory, layout, laneGroups, parameters)
  const places = { laneGroups, rows, weights, gradientBytes, ...neurons }
  writeHeader(memory, {
    ...constantFields(commonTaus(values)),
    ...places,
    ...{ size: values.size, firstUnit: values.start, fires: Number(isSpiking(values)) },
    hasInhibition: Number(hasTwoCurrents(values)),
    ...{ units, mostCopies, unitRows: ofUnits === null ? 0 : memory.copy(ofUnits.map((row) => ROW * row)) },
  })
  writeHeader(memory, {
    ...{ parameters, gradient, vResets, refractories, adamFields },
    ...{ neuronParameters: parameters + 8 * layout.bias, neuronGradient: gradient + 8 * layout.bias },
    tauGradient: gradient + 8 * (layout.taus[0]?.perNeuron ?? 0),
    ...{ projections: takeProjections(), projectionCount: synapses.afferents.length },
    outcomes: memory.takeZeros(NOTE.size * laneGroups),
    ...{ gradientRows: learnedRows?.gradients ?? 0, squaresOfRows: learnedRows?.sums ?? 0 },
    rowsAtWork: learnedRows?.atWork ?? 0,
    absent: takeAbsent(memory, synapses, firstRow, laneGroups),
    ...tausPerNeuron,
    ...(hasPerNeuronArrivals ? takeDelays(memory, laneGroups, ROW * rows * laneGroups) : {}),
  })
  const own = {
    laneGroups,
    rows,
    firstUnit,
    mostCopies,
    hasPerNeuronArrivals,
    hasTausPerNeuron: tausPerNeuron.tausPerNeuron !== 0,
  }
  return { ...own, parameters, gradient, moments, adamFields, learnedRows, gradientBytes }

  function takeProjections(): number {
    const at = memory.take(PROJECTION.size * synapses.afferents.length)
    synapses.afferents.forEach(({ base, delayBase, delayShape, sourceSize }, p) => {
      writeFields(memory, PROJECTION, at + PROJECTION.size * p, {
        weightsAt: 8 * (layout.weights + base),
        delaysAt: 8 * (layout.delays + delayBase),
        firstRow: firstRow[p] as number,
        units: sourceSize,
        delayKind: DELAY_SHAPES.indexOf(delayShape),
        listedAt: takeListed(memory, synapses, p, inRows, laneGroups),
      })
    })
    return at
  }
}

/** Nothing of it takes room before it is used. */
function takeLearnedRows(
  memory: KernelMemory,
  weights: number,
  { rows, laneGroups, projections }: Readonly<Record<'rows' | 'laneGroups' | 'projections', number>>,
): LearnedRowsPlaces {
  const bytes = ROW * rows * laneGroups
  return {
    weights,
    ...{ gradients: memory.take(bytes), means: memory.take(bytes), squares: memory.take(bytes) },
    ...{ touched: memory.take(4 * (rows + 1)), atWork: memory.take(ROWS_AT_WORK.size) },
    ...{ zeros: memory.takeZeros(ROW), sums: memory.takeZeros(ROW * laneGroups * projections) },
  }
}

/** The listed synapses of a projection into each lane group; see the schema. */
function takeListed(
  memory: KernelMemory,
  synapses: Synapses,
  p: number,
  rows: SynapseRows,
  laneGroups: number,
): number {
  const listed = rows.listed[p] ?? null
  if (listed === null) return 0
  const { base, delayShape } = synapses.afferents[p] as Afferent
  const targetOf = (s: number) => synapses.targets[base + s] as number
  const delayOf = (s: number) => {
    if (delayShape === 'perSynapse') return s
    return delayShape === 'perSource' ? (synapses.sources[base + s] as number) : 0
  }
  const inLaneGroups = Array.from({ length: laneGroups }, (): number[] => [])
  listed.synapses.forEach((s, k) => {
    const place = ROW * (listed.rows[k] as number) + 8 * (targetOf(s) % LANE_COUNT)
    // In the order of the fields of `LISTED`.
    inLaneGroups[Math.floor(targetOf(s) / LANE_COUNT)]?.push(place, s, delayOf(s))
  })
  const ranges = memory.take(RANGE.size * laneGroups)
  inLaneGroups.forEach((numbers, laneGroup) => {
    const start = memory.copy(Uint32Array.from(numbers))
    writeFields(memory, RANGE, ranges + RANGE.size * laneGroup, { start, end: start + 4 * numbers.length })
  })
  return ranges
}

/** The pairs without a synapse, lane group by lane group; see the header. */
function takeAbsent(memory: KernelMemory, synapses: Synapses, firstRow: readonly number[], laneGroups: number): number {
  const pairs = Array.from({ length: laneGroups }, (): number[] => [])
  synapses.afferents.forEach(({ sourceSize }, p) => {
    // Those of others have no place.
    if ((firstRow[p] as number) < 0) return
    synapses.absent[p]?.forEach((isAbsent, pair) => {
      const n = Math.floor(pair / sourceSize)
      const row = (firstRow[p] as number) + (pair % sourceSize)
      if (isAbsent === 1) pairs[Math.floor(n / LANE_COUNT)]?.push(ROW * row + 8 * (n % LANE_COUNT))
    })
  })
  if (pairs.every(({ length }) => length === 0)) return 0
  const ranges = memory.take(RANGE.size * laneGroups)
  pairs.forEach((list, laneGroup) => {
    const start = memory.copy(Uint32Array.from(list))
    writeFields(memory, RANGE, ranges + RANGE.size * laneGroup, { start, end: start + 4 * list.length })
  })
  return ranges
}

/** Delays, endless where nothing is packed, and what follows from each; see assembly/delayed/pack.ts. */
function takeDelays(memory: KernelMemory, laneGroups: number, bytes: number): Partial<Record<HeaderField, number>> {
  const delays = memory.take(bytes)
  memory.f64.fill(Number.POSITIVE_INFINITY, delays / 8, (delays + bytes) / 8)
  return {
    delays,
    increments: memory.takeZeros(2 * bytes),
    synGrowths: memory.takeZeros(bytes),
    memGrowths: memory.takeZeros(bytes),
    longestDelays: memory.takeZeros(ROW * laneGroups),
  }
}
