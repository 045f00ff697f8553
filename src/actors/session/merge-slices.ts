import { byName } from '../../events/by-name.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { GroupParameters, Maxima, Parameters } from '../../learning/session.js'
import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import { hasNeurons } from '../../network/description/has-neurons.js'
import type { Group, Network, Projection } from '../../network/description/network.js'
import { tauShapes } from '../../network/description/time-constants.js'
import { areShared } from '../../network/instance/are-shared.js'
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
    delays: areShared(delays) ? shared() : delays.kind === 'none' ? new Float64Array(0) : join('delays'),
  }
}

const NOTHING: Float64Array = new Float64Array(0)

function mergeGroup(group: Group, slices: readonly SliceParameters[]): GroupParameters {
  const { kind, size } = group
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
  const bias = join((slice) => slice.bias)
  if (kind !== 'lif') return { bias, ...taus }
  return { bias, threshold: join((slice) => slice.threshold), adaptStep: join((slice) => slice.adaptStep), ...taus }
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
