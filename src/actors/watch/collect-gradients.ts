import { type Observable, Subscription } from 'rxjs'
import { type ReturnedEvents, sumReturned } from '../../dynamics/kernels/returned-events.js'
import { InternalError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import type { ReturnedBatch } from '../../streams/collect-returned.js'
import type { GradientsOrder, SliceGradients } from '../partition/partition.js'
import type { WiredPartition } from '../partition/wiring/wire-partition.js'

/** The gradient events of a run that come back along one projection to the slices of its source here. */
export interface GradientCollector {
  /** Once the run is done. */
  slices(): readonly SliceGradients[]
  stop(): void
}

/** What an actor that holds a slice of the source says. */
interface Teller {
  readonly start: number
  readonly spikes$: Observable<SpikeBatch>
  readonly returned$: Observable<ReturnedBatch>
}

/** Listens to the gradients that actors are sent, and to the batches that they are of. */
export function collectGradients(
  network: Network,
  wired: Pick<WiredPartition, 'sources' | 'groups'>,
  { order, isHome }: GradientsOrder,
): GradientCollector {
  const name = network.projections[order]?.source
  const source = network.groups.find((group) => group.name === name)
  if (source === undefined) throw new InternalError(`There is no projection ${order} to watch.`)
  // The parts of its gradients come from all cores; those of what neurons send are whole where the neurons are.
  const isPartial = isGiven(source)
  const subscriptions = new Subscription()
  const slices = tellersOf(wired, source.name).map((teller) => {
    const batches = new Map<number, SpikeBatch>()
    const returned = new Map<number, readonly ReturnedEvents[]>()
    const spikes = teller.spikes$.subscribe((batch) => {
      if (batch.stream === source.name) batches.set(batch.sequence, batch)
    })
    const returning = teller.returned$.subscribe((batch) => {
      returned.set(
        batch.sequence,
        batch.returned.filter((each) => each.order === order),
      )
    })
    subscriptions.add(spikes)
    subscriptions.add(returning)
    return { start: teller.start, batches, returned }
  })
  return {
    slices: () =>
      slices.map(({ start, batches, returned }): SliceGradients => {
        const seen = [...batches]
          .sort(([a], [b]) => a - b)
          .map(([sequence, batch]) => ({ batch, returned: returned.get(sequence) ?? [] }))
        return { order, start, ...(isPartial ? partial(seen, isHome) : complete(order, seen)) }
      }),
    stop: () => subscriptions.unsubscribe(),
  }
}

function tellersOf({ sources, groups }: Pick<WiredPartition, 'sources' | 'groups'>, name: string): readonly Teller[] {
  const given = sources.filter((source) => source.name === name).map((source): Teller => ({ ...source, start: 0 }))
  const neurons = groups.flatMap(({ component, ...actor }) => {
    const slice = component.kernels.find(({ values }) => values.name === name)
    return slice === undefined ? [] : [{ ...actor, start: slice.values.start }]
  })
  return [...given, ...neurons]
}

interface Seen {
  readonly batch: SpikeBatch
  readonly returned: readonly ReturnedEvents[]
}

type Collected = Pick<SliceGradients, 'trains' | 'returned'>

/** Spikes that are given come in one batch. */
function partial(seen: readonly Seen[], isHome: boolean): Collected {
  const [only] = seen
  if (only === undefined || seen.length > 1)
    throw new InternalError(`A source that gets gradients was sent its spikes in ${seen.length} batches.`)
  const { offsets, times, units } = only.batch
  return { trains: isHome ? { offsets, times, units } : null, returned: only.returned }
}

function complete(order: number, seen: readonly Seen[]): Collected {
  const { trains, places } = joinTrains(seen.map(({ batch }) => batch))
  if (seen.some(({ returned }) => returned.length === 0)) return { trains, returned: [] }
  const values = new Float64Array(trains.times.length)
  seen.forEach(({ batch, returned }, window) => {
    const sums = sumReturned(batch.times.length, returned)
    const to = places[window] as Int32Array
    to.forEach((place, spike) => {
      values[place] = sums[spike] as number
    })
  })
  return { trains, returned: [{ order, blocks: 1, nodes: [{ from: 0, to: 1 }], values }] }
}
