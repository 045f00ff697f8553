import { InternalError } from '../../../../events/errors.js'
import type { LifValues, ProjectionValues } from '../../../../network/instance/instance.js'
import { BLOCK } from '../../../../numerics/block-sum.js'
import { type ParameterLayout, tauOffsets } from '../../../parameters/parameter-layout.js'
import type { PartialSums } from '../../../parameters/partial-sums.js'
import type { Synapses } from '../../../parameters/synapses.js'
import { writeFields } from '../../wasm/fields.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { POISSON_BACK, ROWS_BACK } from '../../wasm/schema/adjoint-records.js'
import { recordCount, synapseOfRecord } from '../rows/record-places.js'
import type { SourceRows, WindowProjection } from '../rows/source-rows.js'
import type { UndoneRecords } from '../window-traffic.js'
import { type BlockLists, blockLists, sparsePartialSums } from './sparse-partial-sums.js'

/** What a projection has in the vector: where its sums begin, in doubles; -1: there are none. */
interface Places {
  readonly weights: number
  readonly delays: number
  readonly shared: number
}

interface RowsBack {
  readonly rows: SourceRows
  readonly lists: BlockLists
  readonly places: Places
  /** Numbers of its synapses, record by record. */
  synapses: Uint32Array
}

/** What is summed per neuron behind the projections, in this order. */
const PER_NEURON = ['bias', 'threshold', 'adaptStep', 'tauMem', 'tauSyn', 'tauAdapt', 'tauSynInh'] as const

/**
 * The gradient of a trial as the kernel sums it up: record by record, and of shared delays only what rows have synapses in;
 * `write` brings it into the places of the layout.
 */
export class GradientVector {
  /** Doubles. */
  readonly length: number
  /** Address of what the kernel has to know of the projections, and of the Poisson inputs. */
  readonly backs: number
  readonly poissonBacks: number
  private readonly size: number
  private readonly start: number
  private readonly layout: ParameterLayout
  private readonly synapses: Synapses
  /** Of the projections that have rows; null of those that are drawn into sums. */
  private readonly rows: readonly (RowsBack | null)[]
  private readonly poissonInputs: readonly { readonly projection: number; readonly places: Places }[]
  private readonly memory: KernelMemory
  private readonly perNeuron: number

  /** @param rows per projection, see `WindowForm` */
  constructor(
    memory: KernelMemory,
    { start, size }: LifValues,
    { layout, synapses }: { readonly layout: ParameterLayout; readonly synapses: Synapses },
    rows: readonly (WindowProjection | null)[],
  ) {
    let next = 0
    const take = (count: number) => {
      next += count
      return next - count
    }
    const placesOf = (projection: number, records: number, shared: number): Places => {
      const isOwn = synapses.afferents[projection]?.delayShape === 'perSynapse'
      const isShared = (layout.sharedBase[projection] as number) >= 0
      return { weights: take(records), delays: isOwn ? take(records) : -1, shared: isShared ? take(shared) : -1 }
    }
    this.memory = memory
    this.layout = layout
    this.synapses = synapses
    this.size = size
    this.start = start
    this.rows = rows.map((projection, p) => {
      if (projection === null) return null
      const lists = blockLists(memory, projection.rows)
      const places = placesOf(p, recordCount(memory, projection.rows), lists.blocks.length)
      return { rows: projection.rows, lists, places, synapses: new Uint32Array(0) }
    })
    this.poissonInputs = rows.flatMap((projection, p) => {
      return projection === null ? [{ projection: p, places: placesOf(p, size, size) }] : []
    })
    this.perNeuron = take(PER_NEURON.length * size)
    this.length = next
    this.backs = memory.takeZeros(ROWS_BACK.size * Math.max(1, rows.length))
    this.poissonBacks = memory.takeZeros(POISSON_BACK.size * Math.max(1, this.poissonInputs.length))
    this.writeLists()
  }

  private writeLists(): void {
    const { memory } = this
    this.rows.forEach((own, p) => {
      if (own === null) return
      const { lists, places } = own
      writeFields(memory, ROWS_BACK, this.backs + ROWS_BACK.size * p, {
        ...{ blockRows: memory.copy(lists.rows), blockList: memory.copy(lists.blocks) },
        ...{ weightSums: 8 * places.weights, delaySums: 8 * places.delays, sharedSums: 8 * places.shared },
        ...{ hasDelaysPerSynapse: Number(places.delays >= 0), hasSharedDelays: Number(places.shared >= 0) },
      })
    })
    this.poissonInputs.forEach(({ places }, k) => {
      writeFields(memory, POISSON_BACK, this.poissonBacks + POISSON_BACK.size * k, {
        ...{ weightSums: 8 * places.weights, sharedSums: 8 * places.shared },
        hasSharedDelays: Number(places.shared >= 0),
      })
    })
  }

  /** Before a run: records stand where the delays of now put them. */
  follow(projections: readonly ProjectionValues[]): void {
    this.rows.forEach((own, p) => {
      if (own === null) return
      const mayMove = own.rows.isDouble && own.rows.delayAt > 0
      if (own.synapses.length > 0 && !mayMove) return
      own.synapses = synapseOfRecord(this.memory, projections[p] as ProjectionValues, own.rows)
    })
  }

  /** @param wanted which gradient events are summed up: all, those of neurons and shared delays, or none */
  begin(wanted: 'returned' | 'neurons' | 'nothing'): void {
    this.rows.forEach((own, p) => {
      if (own === null) return
      const wantsEvents = Number(this.wantsEvents(p, wanted))
      writeFields(this.memory, ROWS_BACK, this.backs + ROWS_BACK.size * p, { wantsEvents })
    })
  }

  private wantsEvents(projection: number, wanted: 'returned' | 'neurons' | 'nothing'): boolean {
    const { fromSource = true } = this.synapses.afferents[projection] ?? {}
    const isAsked = wanted === 'returned' || !fromSource || (this.layout.sharedBase[projection] as number) >= 0
    return isAsked && wanted !== 'nothing'
  }

  /** What the way back does at records of some rows; `wanted` as in `begin`. */
  undoneRecords(rows: SourceRows, wanted: 'returned' | 'neurons'): UndoneRecords {
    const projection = this.rows.findIndex((own) => own?.rows.records === rows.records)
    const hasDelaysPerSynapse = (this.rows[projection]?.places.delays ?? -1) >= 0
    return { hasDelaysPerSynapse, wantsEvents: this.wantsEvents(projection, wanted) }
  }

  rowsOf(projection: number): SourceRows {
    const { rows } = this.rows[projection] ?? {}
    if (rows === undefined) throw new InternalError(`Nothing arrives through projection ${projection}.`, { projection })
    return rows
  }

  /** Fields of the header, for a vector at an address. */
  fieldsAt(address: number) {
    const at = (k: number) => address + 8 * (this.perNeuron + k * this.size)
    const [biasSums, thresholdSums, adaptStepSums] = [at(0), at(1), at(2)]
    const { tauSynExc, tauSynInh } = tauOffsets(this.layout, 0)
    const tauSynInhSums = at(tauSynInh === tauSynExc ? 4 : 6)
    const taus = { tauMemSums: at(3), tauSynSums: at(4), tauAdaptSums: at(5), tauSynInhSums }
    return { vector: address, biasSums, thresholdSums, adaptStepSums, ...taus }
  }

  /** Writes sums over the trials as the gradient vector of the layout, but for what `partialSums` tells. */
  write(sums: Float64Array, into: Float64Array): void {
    const { layout, size, perNeuron, synapses } = this
    const { weights, delays } = layout
    this.rows.forEach((own, p) => {
      if (own === null) return
      const { places, synapses: numbers } = own
      const { base = 0, delayBase = 0 } = synapses.afferents[p] ?? {}
      scatter(sums, places.weights, into, weights + base, numbers)
      if (places.delays >= 0) scatter(sums, places.delays, into, delays + delayBase, numbers)
    })
    for (const { projection, places } of this.poissonInputs) {
      const { base = 0 } = synapses.afferents[projection] ?? {}
      into.set(sums.subarray(places.weights, places.weights + size), weights + base)
    }
    const taus = tauOffsets(layout, 0)
    const tauSynInh = taus.tauSynInh === taus.tauSynExc ? -1 : taus.tauSynInh
    const { tauMem, tauSynExc, tauAdapt } = taus
    const offsets = [layout.bias, layout.threshold, layout.adaptStep, tauMem, tauSynExc, tauAdapt, tauSynInh]
    offsets.forEach((offset, k) => {
      const from = perNeuron + k * size
      if (offset >= 0) into.set(sums.subarray(from, from + size), offset)
    })
  }

  /** Of a projection whose delays are shared. */
  partialSums(sums: Float64Array, projection: number): PartialSums {
    const own = this.rows[projection] ?? null
    if (own !== null) return sparsePartialSums(this.layout, own.lists, sums, own.places.shared)
    const poissonInput = this.poissonInputs.find((back) => back.projection === projection)
    if (poissonInput === undefined) throw new InternalError(`There is no projection ${projection}.`, { projection })
    const { sourceSize = 0 } = this.synapses.afferents[projection] ?? {}
    return sparsePartialSums(this.layout, this.poissonInputLists(sourceSize), sums, poissonInput.places.shared)
  }

  /** Every neuron is in one block, and the units of its slice alone have any. */
  private poissonInputLists(units: number): BlockLists {
    const { start, size } = this
    const rows = Uint32Array.from({ length: units + 1 }, (_, unit) => Math.min(Math.max(unit - start, 0), size))
    return { rows, blocks: Uint32Array.from({ length: size }, (_, n) => Math.floor(n / BLOCK)) }
  }
}

/** into[to + place of k] = sums[from + k] */
function scatter(sums: Float64Array, from: number, into: Float64Array, to: number, places: Uint32Array): void {
  for (let k = 0; k < places.length; k++) into[to + (places[k] as number)] = sums[from + k] as number
}
