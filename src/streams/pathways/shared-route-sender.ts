import { merge, Subject } from 'rxjs'
import { InternalError } from '../../events/errors.js'
import type { GradientBatch } from '../../events/gradient-batch.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { hasAllUnits, hasUnit, type UnitSet } from '../../events/unit-set.js'
import { createFifo } from '../fifo.js'
import type { Pathway, SpikeSender } from '../pathway.js'

export interface SharedRouteOptions {
  /** What it travels on. */
  readonly way: Pathway
  /** Per branch: sums that return for a spike. */
  readonly sums: readonly number[]
  /** The first unit of the slice. */
  readonly first: number
  /** All units are heard; then the listener sends no list of them. */
  readonly isWhole: boolean
}

/** The end of a route at the slice that spikes. */
export interface SharedRouteSender {
  readonly branches: readonly SpikeSender[]
  begin(returnsGradients: boolean): void
  hear(units: UnitSet): void
  close(): void
}

/** Every branch is given the same batches, which leave once; each branch gets its part of what comes back. */
export function createSharedRouteSender({ way, sums, first, isWhole }: SharedRouteOptions): SharedRouteSender {
  /** The units whose spikes are wanted; undefined until that is known. */
  let heard: UnitSet | 'all' | undefined = isWhole ? 'all' : undefined
  const heard$ = new Subject<void>()
  const opened$ = merge(way.opened$, heard$)
  const gradients$ = sums.map(() => new Subject<GradientBatch>())
  /** The batch that was given last, and by how many branches. */
  let given: { readonly batch: SpikeBatch | null; readonly branches: number } = { batch: null, branches: sums.length }
  /** What is to be sent once the units are known. */
  let waiting = createFifo<SpikeBatch>()
  let returnsGradients = false
  /** What was left out of batches whose gradients have not returned yet, by their sequence. */
  let leftOut = new Map<number, Pick<HeardSpikes, 'places' | 'count'>>()

  function take(batch: SpikeBatch): void {
    const isNext = given.branches === sums.length
    if (!isNext && given.batch !== batch) {
      const [due, found] = [given.batch?.sequence, batch.sequence]
      throw new InternalError(`Batch ${found} of "${batch.stream}" was given before all had given batch ${due}.`)
    }
    given = { batch, branches: isNext ? 1 : given.branches + 1 }
    if (given.branches < sums.length) return
    waiting.push(batch)
    flush()
  }

  function flush(): void {
    while (heard !== undefined && waiting.size > 0) send(waiting.take(), heard)
  }

  function send(batch: SpikeBatch, wanted: UnitSet | 'all'): void {
    if (wanted === 'all') {
      way.sendSpikes(batch)
      return
    }
    const { batch: sent, places, count } = heardSpikes(batch, wanted, first)
    if (returnsGradients) leftOut.set(batch.sequence, { places, count })
    way.sendSpikes(sent)
  }

  const returning = way.gradients$.subscribe(({ stream, sequence, values }) => {
    const gaps = leftOut.get(sequence)
    leftOut.delete(sequence)
    const total = sums.reduce((sum, nodes) => sum + nodes, 0)
    const spikes = values.length / total
    let node = 0
    sums.forEach((nodes, branch) => {
      const part = sums.length === 1 ? values : values.subarray(node * spikes, (node + nodes) * spikes)
      node += nodes
      const all = gaps === undefined ? part : sumsForAll(part, nodes, gaps)
      gradients$[branch]?.next({ stream, sequence, values: all })
    })
  })

  return {
    branches: gradients$.map((returned$) => ({
      gradients$: returned$.asObservable(),
      opened$,
      isOpen: () => heard !== undefined && way.isOpen(),
      sendSpikes: take,
    })),
    begin(returned) {
      returnsGradients = returned
      given = { batch: null, branches: sums.length }
      waiting = createFifo()
      leftOut = new Map()
    },
    hear(units) {
      heard = hasAllUnits(units) ? 'all' : units
      flush()
      heard$.next()
    },
    close() {
      returning.unsubscribe()
      for (const subject of [...gradients$, heard$]) subject.complete()
    },
  }
}

/** A batch of which some spikes are left out. */
interface HeardSpikes {
  /** Of the same sequence and window. */
  readonly batch: SpikeBatch
  /** Where its spikes stand in the whole batch, and how many these are. */
  readonly places: Uint32Array
  readonly count: number
}

/** @param first the unit of the slice that is number 0 in the set */
function heardSpikes(batch: SpikeBatch, heard: UnitSet, first: number): HeardSpikes {
  const { times, units } = batch
  const { trains, places } = selectSpikes(batch, (place) => hasUnit(heard, (units[place] as number) - first))
  return { batch: { ...batch, ...trains }, places, count: times.length }
}

/**
 * The sums that returned for the spikes that were sent, as those for the whole batch: +0 for those left out.
 *
 * @param values node after node, of `nodes` nodes
 */
function sumsForAll(
  values: Float64Array,
  nodes: number,
  { places, count }: Pick<HeardSpikes, 'places' | 'count'>,
): Float64Array {
  const all = new Float64Array(nodes * count)
  for (let node = 0; node < nodes; node++)
    for (let k = 0; k < places.length; k++)
      all[node * count + (places[k] as number)] = values[node * places.length + k] as number
  return all
}
