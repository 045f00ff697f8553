import { hasSharedDelays } from '../../dynamics/parameters/parameter-layout.js'
import { byName, entryOf } from '../../events/by-name.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { GroupParameters, Maxima, Parameters } from '../../learning/session.js'
import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import type { Group, Network, Projection } from '../../network/description/network.js'
import { tauShapes } from '../../network/description/time-constants.js'
import { byLearnedField, hasNeurons } from '../../network/models/models.js'
import type { Slice } from '../../network/slices/blocks.js'
import { placeInRows } from '../group/row-slices.js'
import type { SliceParameters } from '../partition/partition.js'

/** The learnable numbers of all slices, put together in file order. */
export function mergeParameters({ groups, projections }: Network, slices: readonly SliceParameters[]): Parameters {
  const sizeOf = new Map(groups.map(({ name, size }) => [name, size]))
  const ofGroup = (group: string) => slices.filter((slice) => slice.group === group)
  return {
    projections: byName(
      projections.map((projection) => {
        const sourceSize = sizeOf.get(projection.source) as number
        return [projection.key, mergeProjection(projection, sourceSize, ofGroup(projection.target))]
      }),
    ),
    groups: byName(
      groups.filter((group) => hasNeurons(group)).map((group) => [group.name, mergeGroup(group, ofGroup(group.name))]),
    ),
  }
}

type SlicePart = Pick<SliceParameters, 'start' | 'bias' | 'projections'>

function mergeProjection(
  projection: Projection,
  sourceSize: number,
  slices: readonly SlicePart[],
): Parameters['projections'][string] {
  const { key, delays } = projection
  const parts = slices.map(({ start, bias, projections }) => {
    const own = projections.find((candidate) => candidate.key === key)
    return { start, end: start + bias.length, weights: own?.weights ?? NOTHING, delays: own?.delays ?? NOTHING }
  })
  const join = (of: 'weights' | 'delays') => {
    const arrays = parts.map((part) => ({ ...part, values: part[of] }))
    return connectivityOf(projection).merge(arrays, sourceSize)
  }
  const shared = () => parts.find(({ start }) => start === 0)?.delays ?? NOTHING
  return {
    weights: join('weights'),
    delays: hasSharedDelays({ delayShape: delays.kind })
      ? shared()
      : delays.kind === 'none'
        ? new Float64Array(0)
        : join('delays'),
  }
}

const NOTHING: Float64Array = new Float64Array(0)

function mergeGroup(group: Group, slices: readonly SliceParameters[]): GroupParameters {
  const { size } = group
  const join = (of: (slice: SliceParameters) => Float64Array | null) => {
    const whole = new Float64Array(size)
    for (const slice of slices) whole.set(of(slice) ?? NOTHING, slice.start)
    return whole
  }
  const owner = slices.find(({ start }) => start === 0)
  const taus = Object.fromEntries(
    tauShapes(group).map(({ field, isCommon }) => [
      field,
      isCommon ? (owner?.taus?.[field] ?? NOTHING) : join((slice) => slice.taus?.[field] ?? NOTHING),
    ]),
  )
  return { ...byLearnedField(group, (field) => join((slice) => slice[field])), ...taus }
}

/** The spikes of a group from those of its slices. */
export function mergeTrains(trials: number, slices: readonly SpikeTrains[]): SpikeTrains {
  const [only] = slices
  if (only !== undefined && slices.length === 1) return only
  return joinTrains([noSpikes(trials), ...slices]).trains
}

export function mergeMaxima(
  trials: number,
  total: number,
  slices: readonly (Maxima & { readonly slice: Slice })[],
): Maxima {
  const whole = { values: new Float64Array(trials * total), times: new Float64Array(trials * total) }
  for (const { slice, values, times } of slices) {
    placeInRows(values, whole.values, total, slice)
    placeInRows(times, whole.times, total, slice)
  }
  return whole
}

/**
 * The learnable numbers of slices from those of the whole network, the way back of `mergeParameters`. Shared delays and
 * time constants are given to every slice; what the whole network does not have, no slice is given.
 *
 * @param now the slices as they are: they say how the groups are cut
 */
export function splitParameters(
  { groups, projections }: Network,
  whole: Parameters,
  now: readonly SliceParameters[],
): readonly SliceParameters[] {
  const sizeOf = new Map(groups.map(({ name, size }) => [name, size]))
  return now.map((slice) => {
    const { group, start } = slice
    const end = start + slice.bias.length
    const own: Partial<GroupParameters> = entryOf(whole.groups, group) ?? {}
    const { bias = NOTHING, threshold = NOTHING, adaptStep = NOTHING } = own
    const description = groups.find(({ name }) => name === group)
    const shapes = description === undefined ? [] : tauShapes(description)
    return {
      group,
      start,
      projections: slice.projections.map(({ key }) => {
        const projection = projections.find((candidate) => candidate.key === key)
        const values = entryOf(whole.projections, key)
        if (projection === undefined || values === undefined) return { key, weights: NOTHING, delays: NOTHING }
        const part = partOf(projection, sizeOf.get(projection.source) as number, slice, now)
        const delays = hasSharedDelays({ delayShape: projection.delays.kind }) ? values.delays : part(values.delays)
        return { key, weights: part(values.weights), delays }
      }),
      bias: bias.subarray(start, end),
      threshold: slice.threshold === null ? null : threshold.subarray(start, end),
      adaptStep: slice.adaptStep === null ? null : adaptStep.subarray(start, end),
      taus: Object.fromEntries(
        shapes.flatMap(({ field, isCommon }) => {
          const values = own[field]
          return values === undefined ? [] : [[field, isCommon ? values : values.subarray(start, end)]]
        }),
      ),
    }
  })
}

/** The numbers of the synapses into a slice, out of those of all of a projection. */
function partOf(
  projection: Projection,
  sourceSize: number,
  slice: SliceParameters,
  all: readonly SliceParameters[],
): (whole: Float64Array) => Float64Array {
  const { group, start, bias } = slice
  const countOf = ({ projections }: SliceParameters) =>
    projections.find(({ key }) => key === projection.key)?.weights.length ?? 0
  const before = () =>
    all.reduce((sum, other) => (other.group === group && other.start < start ? sum + countOf(other) : sum), 0)
  const counted = { start, end: start + bias.length, count: countOf(slice), before }
  const connectivity = connectivityOf(projection)
  return (whole) => connectivity.cut(whole, counted, sourceSize)
}
