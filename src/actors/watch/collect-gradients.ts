import { type Observable, Subscription } from 'rxjs'
import { joinTrains } from '../../dynamics/join-trains.js'
import { type ProjectionAnswer, sumAnswers } from '../../dynamics/projection-answers.js'
import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import type { AnsweredBatch } from '../../streams/collect-answers.js'
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
  readonly answered$: Observable<AnsweredBatch>
}

/** Listens to the answers that actors are sent, and to the batches that these answer. */
export function collectGradients(
  network: Network,
  wired: Pick<WiredPartition, 'sources' | 'groups'>,
  { order, isHome }: GradientsOrder,
): GradientCollector {
  const name = network.projections[order]?.source
  const source = network.groups.find((group) => group.name === name)
  if (source === undefined) throw new InternalError(`There is no projection ${order} to watch.`)
  // The parts of its answers come from all cores; what neurons send is answered in full where they are.
  const isPartial = isGiven(source)
  const subscriptions = new Subscription()
  const slices = tellersOf(wired, source.name).map((teller) => {
    const batches = new Map<number, SpikeBatch>()
    const answers = new Map<number, readonly ProjectionAnswer[]>()
    const spikes = teller.spikes$.subscribe((batch) => {
      if (batch.stream === source.name) batches.set(batch.sequence, batch)
    })
    const answered = teller.answered$.subscribe((answer) => {
      answers.set(
        answer.sequence,
        answer.answers.filter((each) => each.order === order),
      )
    })
    subscriptions.add(spikes)
    subscriptions.add(answered)
    return { start: teller.start, batches, answers }
  })
  return {
    slices: () =>
      slices.map(({ start, batches, answers }): SliceGradients => {
        const told = [...batches]
          .sort(([a], [b]) => a - b)
          .map(([sequence, batch]) => ({ batch, answers: answers.get(sequence) ?? [] }))
        return { order, start, ...(isPartial ? partial(told, isHome) : complete(order, told)) }
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

interface Told {
  readonly batch: SpikeBatch
  readonly answers: readonly ProjectionAnswer[]
}

type Collected = Pick<SliceGradients, 'trains' | 'answers'>

/** Spikes that are given come in one batch. */
function partial(told: readonly Told[], isHome: boolean): Collected {
  const [only] = told
  if (only === undefined || told.length > 1)
    throw new InternalError(`A source whose spikes are answered was sent them in ${told.length} batches.`)
  const { offsets, times, units } = only.batch
  return { trains: isHome ? { offsets, times, units } : null, answers: only.answers }
}

function complete(order: number, told: readonly Told[]): Collected {
  const { trains, places } = joinTrains(told.map(({ batch }) => batch))
  if (told.some(({ answers }) => answers.length === 0)) return { trains, answers: [] }
  const values = new Float64Array(trains.times.length)
  told.forEach(({ batch, answers }, window) => {
    const sums = sumAnswers(batch.times.length, answers)
    const to = places[window] as Int32Array
    sums.forEach((sum, spike) => {
      values[to[spike] as number] = sum
    })
  })
  return { trains, answers: [{ order, blocks: 1, nodes: [{ from: 0, to: 1 }], values }] }
}
