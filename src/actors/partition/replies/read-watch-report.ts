import { sampleTimes } from '../../../dynamics/voltages/sample-times.js'
import { isGiven } from '../../../network/description/given-source.js'
import { ANY_NUMBER, doublesThat } from '../../../network/reading/read-array.js'
import { listOf, oneOfEach, readList } from '../../../network/reading/read-list.js'
import { asGiven, type Reader, wordOf } from '../../../network/reading/read-value.js'
import { formOf } from '../../../network/reading/read-variant.js'
import type { Slice } from '../../../network/slices/blocks.js'
import { returnsGradients } from '../../group/group-ends.js'
import { spanOf } from '../../group/run.js'
import { MOST_SAMPLES } from '../../watch/watch-faults.js'
import type {
  GradientsOrder,
  RunOrder,
  SliceGradients,
  SliceVoltages,
  VoltagesOrder,
  WatchReport,
} from '../partition.js'
import type { HeldCore } from './held-core.js'
import type { HeldSlice } from './held-slices.js'
import { givenSpikes, returnedReader } from './read-returned.js'
import { sameAs, trainsReader } from './read-slices.js'

/** What a core shows of what is watched; nothing where nothing was wanted. */
export function watchReader(held: HeldCore, order: RunOrder): Reader<WatchReport | undefined> {
  const { watch } = order
  if (watch === undefined) return sameAs(undefined)
  const gradients = watch.gradients.flatMap((asked) => gradientsReaders(held, order, asked))
  const voltages = watch.voltages.flatMap((asked) =>
    held.slices
      .filter((slice) => slice.group === asked.group && unitsWithin(asked.units, slice).length > 0)
      .map((slice) => [`voltages ${asked.id}`, voltagesReader(slice, asked, order)] as const),
  )
  return formOf<WatchReport>({
    gradients: oneOfEach(new Map(gradients), ({ order, start }) => gradientsKey(order, start)),
    voltages: oneOfEach(new Map(voltages), ({ id }) => `voltages ${String(id)}`),
  })
}

const gradientsKey = (order: unknown, start: unknown) => `projection ${String(order)} from ${String(start)}`

/** One for each slice of the projection's source that is here. */
function gradientsReaders({ network, sources, slices, pathways }: HeldCore, run: RunOrder, asked: GradientsOrder) {
  const name = network.projections[asked.order]?.source
  const { count } = run.run.trials
  const own = [
    ...slices.filter(({ group }) => group === name).map((slice) => ({ slice, start: slice.start })),
    ...sources.filter((source) => source.name === name).map((slice) => ({ slice, start: 0 })),
  ]
  return own.map(({ slice, start }) => {
    const isSource = isGiven(slice.described)
    const returns = run.run.gradients && returnsGradients(slice.described, run.run)
    const ways = isSource && returns ? pathways().filter(({ order }) => order === asked.order) : []
    const reader: Reader<SliceGradients> = (value, field) => {
      const slices = formOf<SliceGradients>({
        order: sameAs(asked.order),
        start: sameAs(start),
        trains: isSource && !asked.isHome ? sameAs(null) : trainsReader(count, slice),
        returned: asGiven,
      })(value, field)
      const spikes = slices.trains?.times.length ?? givenSpikes(run, name ?? '')
      const { returned } = value as SliceGradients
      const read = isSource ? returnedOf(ways, spikes) : wholeReturned(asked.order, spikes ?? 0)
      return { ...slices, returned: read(returned, `${field}.returned`) }
    }
    return [gradientsKey(asked.order, start), reader] as const
  })
}

/** Where samples are encoded elsewhere, the first part says how many spikes there are. */
function returnedOf(
  ways: Parameters<typeof returnedReader>[0],
  spikes: number | null,
): Reader<SliceGradients['returned']> {
  return (value, field) => {
    const [first] = readList(value, field) as readonly { readonly values?: { readonly length?: number } }[]
    const [way] = ways
    const length = Number(first?.values?.length ?? 0)
    return returnedReader(ways, spikes ?? Math.floor(length / (way?.returned.nodes.length ?? 1)))(value, field)
  }
}

/** What returns to neurons is summed where they are; nothing where it passes within a kernel. */
function wholeReturned(order: number, spikes: number): Reader<SliceGradients['returned']> {
  const whole = formOf<SliceGradients['returned'][number]>({
    order: sameAs(order),
    blocks: sameAs(1),
    nodes: sameAs([{ from: 0, to: 1 }]),
    values: doublesThat(spikes, ANY_NUMBER),
  })
  return (value, field) => listOf(whole)(readList(value, field).length > 1 ? sameAs([])(value, field) : value, field)
}

const unitsWithin = (units: Uint32Array, { start, end }: Slice) => units.filter((unit) => start <= unit && unit < end)

function voltagesReader({ start, end }: HeldSlice, { id, units, every }: VoltagesOrder, { run }: RunOrder) {
  const own = unitsWithin(units, { start, end })
  return formOf<SliceVoltages>({
    id: sameAs(id),
    units: sameAs(own),
    found: (value, field) => {
      if (typeof value === 'string')
        return wordOf(['driven', 'routed', 'late', 'endless', 'many'] as const)(value, field)
      const span = spanOf(run)
      if (!((span.end - span.start) / every <= MOST_SAMPLES)) return sameAs('many')(value, field) as never
      return doublesThat(run.trials.count * own.length * sampleTimes(span, every).length, ANY_NUMBER)(value, field)
    },
  })
}
