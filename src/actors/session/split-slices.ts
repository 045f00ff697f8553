import { entryOf } from '../../events/by-name.js'
import type { GroupParameters, Parameters } from '../../learning/session.js'
import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import type { Network, Projection } from '../../network/description/network.js'
import { tauShapes } from '../../network/description/time-constants.js'
import { areShared } from '../../network/instance/are-shared.js'
import type { SliceParameters } from '../partition/partition.js'

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
        const delays = areShared(projection.delays) ? values.delays : part(values.delays)
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

const NOTHING: Float64Array = new Float64Array(0)

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
