import { InputError, InternalError } from '../../events/errors.js'
import { GROUP_FIELDS, PARAMETER_KINDS } from '../../learning/parameter-kinds.js'
import type { OptimizerMemory, ParameterKind, Parameters, SessionState } from '../../learning/session.js'

import type { Network } from '../../network/network.js'
import type { SliceParameters, SliceState } from '../partition/partition.js'
import { mergeParameters } from './merge-slices.js'
import { splitParameters } from './split-slices.js'

/** The state of a session from those of all its slices; nothing of it depends on how they were cut. */
export function mergeState(network: Network, slices: readonly SliceState[]): SessionState {
  const layers = Array.from({ length: layersOf(slices.flatMap(({ memories }) => memories)) }, (_, layer) =>
    mergeParameters(
      network,
      slices.map(({ parameters, memories }) => layerOfSlice(parameters, memories, layer)),
    ),
  )
  const memories = arraysOf(network).flatMap(({ kind, of }) => {
    const known = slices.flatMap((slice) => memoryIn(slice.memories, kind, of) ?? [])[0]
    if (known === undefined) return []
    const moments = known.moments.map((_, layer) => arrayIn(layers[layer] as Parameters, kind, of) ?? NOTHING)
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
 * Raises `InputError` STATE_MISMATCH for arrays of other lengths than the network's.
 *
 * @param now the slices as they are: they say how the groups are cut
 */
export function splitState(
  network: Network,
  { parameters, memories }: SessionState,
  now: readonly SliceParameters[],
): readonly SliceState[] {
  const whole = mergeParameters(network, now)
  requireLengths(network, whole, parameters, memories)
  const layers = Array.from({ length: layersOf(memories) }, (_, layer) => {
    return splitParameters(network, layerOfWhole(parameters, memories, layer), now)
  })
  return splitParameters(network, parameters, now).map((slice, k) => ({
    parameters: slice,
    memories: memories.flatMap((memory) => {
      // A slice without synapses of a projection, or one that follows another's delays, learns nothing there.
      const { length = 0 } = sliceArray(now[k] as SliceParameters, memory.kind, memory.of) ?? NOTHING
      if (length === 0) return []
      const moments = memory.moments.map((_, layer) => {
        return sliceArray((layers[layer] as readonly SliceParameters[])[k] as SliceParameters, memory.kind, memory.of)
      })
      return [{ ...memory, moments: moments.map((moment) => moment ?? NOTHING) }]
    }),
  }))
}

const NOTHING: Float64Array = new Float64Array(0)

/** Everything that can be learned, in file order. */
function arraysOf({ projections, groups }: Network): readonly { readonly kind: ParameterKind; readonly of: string }[] {
  const ofKinds = (kinds: readonly ParameterKind[], of: string) => kinds.map((kind) => ({ kind, of }))
  const ofProjection = PARAMETER_KINDS.filter(isOfProjection)
  const ofGroup = PARAMETER_KINDS.filter((kind) => !isOfProjection(kind))
  return [
    ...projections.flatMap(({ key }) => ofKinds(ofProjection, key)),
    ...groups.flatMap(({ name }) => ofKinds(ofGroup, name)),
  ]
}

function isOfProjection(kind: ParameterKind): kind is 'weights' | 'delays' {
  return kind === 'weights' || kind === 'delays'
}

function layersOf(memories: readonly OptimizerMemory[]): number {
  return memories.reduce((most, { moments }) => Math.max(most, moments.length), 0)
}

function memoryIn(memories: readonly OptimizerMemory[], kind: ParameterKind, of: string): OptimizerMemory | undefined {
  return memories.find((memory) => memory.kind === kind && memory.of === of)
}

function arrayIn({ projections, groups }: Parameters, kind: ParameterKind, of: string): Float64Array | undefined {
  return isOfProjection(kind) ? projections[of]?.[kind] : groups[of]?.[GROUP_FIELDS[kind]]
}

function sliceArray(slice: SliceParameters, kind: ParameterKind, of: string): Float64Array | null {
  if (isOfProjection(kind)) return slice.projections.find(({ key }) => key === of)?.[kind] ?? null
  return slice.group === of ? slice[GROUP_FIELDS[kind]] : null
}

/** The slice with one moment in the places of its learned arrays; the others stay, and nobody looks at them. */
function layerOfSlice(slice: SliceParameters, memories: readonly OptimizerMemory[], layer: number): SliceParameters {
  const moment = (kind: ParameterKind, of: string) => memoryIn(memories, kind, of)?.moments[layer]
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
  }
}

/** The same of the whole network. */
function layerOfWhole(parameters: Parameters, memories: readonly OptimizerMemory[], layer: number): Parameters {
  const projections = { ...parameters.projections }
  const groups = { ...parameters.groups }
  for (const { kind, of, moments } of memories) {
    const moment = moments[layer]
    if (moment === undefined) continue
    const [projection, group] = [projections[of], groups[of]]
    if (isOfProjection(kind) && projection !== undefined) projections[of] = { ...projection, [kind]: moment }
    if (!isOfProjection(kind) && group !== undefined) groups[of] = { ...group, [GROUP_FIELDS[kind]]: moment }
  }
  return { projections, groups }
}

function requireLengths(
  network: Network,
  expected: Parameters,
  found: Parameters,
  memories: readonly OptimizerMemory[],
): void {
  for (const { kind, of } of arraysOf(network)) {
    const { length } = arrayIn(expected, kind, of) ?? NOTHING
    const moments = memoryIn(memories, kind, of)?.moments ?? []
    for (const values of [arrayIn(found, kind, of) ?? NOTHING, ...moments]) {
      if (!(values instanceof Float64Array)) throw new InternalError(`A saved state holds no ${kind} of "${of}".`)
      if (values.length !== length) throw wrongLength(`${kind} of "${of}"`, values.length, length)
    }
  }
}

function wrongLength(field: string, found: number, expected: number): InputError {
  return new InputError({
    code: 'STATE_MISMATCH',
    field,
    found: `${found} values`,
    expected: `${expected} values`,
    remedy: 'Restore a state into the network it was saved from.',
  })
}
