import { byName, entryOf } from '../../events/by-name.js'
import { InternalError, RunError } from '../../events/errors.js'
import { isDeepEqual } from '../../events/is-deep-equal.js'
import { PARAMETER_KINDS } from '../../learning/parameter-kinds.js'
import type {
  GroupParameters,
  OptimizerMemory,
  ParameterKind,
  Parameters,
  SessionState,
} from '../../learning/session.js'
import type { Group, Network } from '../../network/description/network.js'
import { TAU_FIELDS, type TauField, tauShapes } from '../../network/description/time-constants.js'
import { hasNeurons } from '../../network/models/models.js'
import { NEURON_PARAMETERS } from '../../network/models/neuron-model.js'
import { arrayOf, memoryOf } from '../partition/learning/slice-parameters.js'
import type { ArrayName, SliceParameters, SliceState } from '../partition/partition.js'
import { mergeParameters, splitParameters } from './merge-slices.js'

/** The state of a session from those of all its slices; nothing of it depends on how they were cut. */
export function mergeState(network: Network, slices: readonly SliceState[]): SessionState {
  const layers = Array.from({ length: layersOf(slices.flatMap(({ memories }) => memories)) }, (_, layer) =>
    mergeParameters(
      network,
      slices.map(({ parameters, memories }) => layerOfSlice(parameters, memories, layer)),
    ),
  )
  const memories = learnableArrays(network).flatMap((array) => {
    const known = slices.flatMap((slice) => memoryOf(slice.memories, array) ?? [])[0]
    if (known === undefined) return []
    requireAlike(slices, array, known)
    const moments = known.moments.map((_, layer) => arrayIn(layers[layer] as Parameters, array) ?? NOTHING)
    return [{ ...known, moments }]
  })
  return {
    parameters: mergeParameters(
      network,
      slices.map(({ parameters }) => parameters),
    ),
    memories,
  }
}

/**
 * The states of slices from that of their session.
 *
 * @param now the slices as they are: they say how the groups are cut
 */
export function splitState(
  network: Network,
  { parameters, memories }: SessionState,
  now: readonly SliceParameters[],
): readonly SliceState[] {
  const layers = Array.from({ length: layersOf(memories) }, (_, layer) => {
    return splitParameters(network, layerOfWhole(parameters, memories, layer), now)
  })
  return splitParameters(network, parameters, now).map((slice, k) => ({
    parameters: slice,
    memories: memories.flatMap((memory) => {
      // A slice without synapses of a projection, or one that follows another's numbers, learns nothing there.
      const { length = 0 } = arrayOf(now[k] as SliceParameters, memory) ?? NOTHING
      if (length === 0) return []
      const moments = memory.moments.map((_, layer) => {
        return arrayOf((layers[layer] as readonly SliceParameters[])[k] as SliceParameters, memory)
      })
      return [{ ...memory, moments: moments.map((moment) => moment ?? NOTHING) }]
    }),
  }))
}

const NOTHING: Float64Array = new Float64Array(0)

/** All slices learn an array alike; if they differ, this function cannot determine which of them is wrong. */
function requireAlike(slices: readonly SliceState[], array: ArrayName, { method, scalars }: OptimizerMemory): void {
  const isAlike = ({ parameters, memories }: SliceState) => {
    const own = memoryOf(memories, array)
    if (own === undefined) return (arrayOf(parameters, array) ?? NOTHING).length === 0
    return isDeepEqual([own.method, own.scalars], [method, scalars])
  }
  const stranger = slices.find((slice) => !isAlike(slice))
  if (stranger === undefined) return
  const { kind, of, field = kind } = array
  const { group, start } = stranger.parameters
  throw new RunError({
    code: 'STATES_DIFFER',
    message: `The cores remember different things of how ${field} of "${of}" were learned: the slice of "${group}" from ${start} on does not fit the others.`,
    details: { group, start, kind, of },
  })
}

/** Everything that can be learned, in file order. */
export function learnableArrays({ projections, groups }: Network): readonly ArrayName[] {
  const ofKinds = (kinds: readonly ParameterKind[], of: string) => kinds.map((kind) => ({ kind, of }))
  const ofProjection = PARAMETER_KINDS.filter(isOfProjection)
  const ofGroup = PARAMETER_KINDS.filter((kind) => !isOfProjection(kind) && kind !== 'taus')
  const taus = (group: Group) => tauShapes(group).map(({ field }) => ({ kind: 'taus', of: group.name, field }) as const)
  return [
    ...projections.flatMap(({ key }) => ofKinds(ofProjection, key)),
    ...groups.filter(hasNeurons).flatMap((group) => [...ofKinds(ofGroup, group.name), ...taus(group)]),
  ]
}

function isOfProjection(kind: ParameterKind): kind is 'weights' | 'delays' {
  return kind === 'weights' || kind === 'delays'
}

/** What an array of a group is called in `GroupParameters`. */
function groupField({ kind, field }: ArrayName): keyof GroupParameters {
  if (kind === 'weights' || kind === 'delays') throw new InternalError(`No group has ${kind}.`)
  if (kind !== 'taus') return NEURON_PARAMETERS[kind]
  if (field === undefined) throw new InternalError('A time constant is called nothing.')
  return field
}

function layersOf(memories: readonly OptimizerMemory[]): number {
  return memories.reduce((most, { moments }) => Math.max(most, moments.length), 0)
}

function arrayIn({ projections, groups }: Parameters, array: ArrayName): Float64Array | undefined {
  const { kind, of } = array
  return isOfProjection(kind) ? entryOf(projections, of)?.[kind] : entryOf(groups, of)?.[groupField(array)]
}

/** The slice with one moment in the places of its learned arrays; the other arrays stay as they are and are not read. */
function layerOfSlice(slice: SliceParameters, memories: readonly OptimizerMemory[], layer: number): SliceParameters {
  const moment = (kind: ParameterKind, of: string, field?: TauField) =>
    memoryOf(memories, { kind, of, ...(field === undefined ? {} : { field }) })?.moments[layer]
  const { group } = slice
  return {
    ...slice,
    projections: slice.projections.map(({ key, weights, delays }) => ({
      key,
      weights: moment('weights', key) ?? weights,
      delays: moment('delays', key) ?? delays,
    })),
    bias: moment('bias', group) ?? slice.bias,
    threshold: moment('thresholds', group) ?? slice.threshold,
    adaptStep: moment('adaptation', group) ?? slice.adaptStep,
    taus: Object.fromEntries(
      TAU_FIELDS.flatMap((field) => {
        const values = moment('taus', group, field) ?? slice.taus?.[field]
        return values === undefined ? [] : [[field, values]]
      }),
    ),
  }
}

/** The same of the whole network. */
function layerOfWhole(parameters: Parameters, memories: readonly OptimizerMemory[], layer: number): Parameters {
  const projections = new Map(Object.entries(parameters.projections))
  const groups = new Map(Object.entries(parameters.groups))
  for (const memory of memories) {
    const { kind, of } = memory
    const moment = memory.moments[layer]
    if (moment === undefined) continue
    const [projection, group] = [projections.get(of), groups.get(of)]
    if (isOfProjection(kind) && projection !== undefined) projections.set(of, { ...projection, [kind]: moment })
    if (!isOfProjection(kind) && group !== undefined) groups.set(of, { ...group, [groupField(memory)]: moment })
  }
  return { projections: byName(projections), groups: byName(groups) }
}
