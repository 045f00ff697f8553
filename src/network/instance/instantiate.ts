import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { BLOCK } from '../../numerics/block-sum.js'
import type { Emission, EmissionValues } from '../description/emission.js'
import type { Group, Network, Quantity, SynapticTimeConstants } from '../description/network.js'
import { tauShapes } from '../description/time-constants.js'
import { modelOf, type NeuronValues } from '../models/models.js'
import type { NeuronModel } from '../models/neuron-model.js'
import type { Slice } from '../slices/blocks.js'
import type { GroupSlice } from '../slices/group-slice.js'
import { draw, placesBetween } from './draw.js'
import type { GroupValues, HeldUnits, NetworkInstance } from './instance.js'
import type { ProjectionOrigin } from './projection-origin.js'
import { projectionValues } from './projection-values.js'
import { readSeed } from './read-seed.js'
import { requireInstance } from './require-instance.js'

/**
 * A network with every number drawn, or the part of it that some slices are: their neurons and the synapses into them.
 *
 * Value i of `weights`, `delays` or a group's quantity is drawn from the stream `key/weights`, `key/delays` or
 * `group/quantity` of the seed at index i, so it depends on nothing else. i counts neurons, source units (delays per
 * source) or synapses (dense: target · sourceSize + source; a rule: see `ruleSynapses`) of the whole network; what is not
 * held is not drawn.
 *
 * Raises `SEED_INVALID`, and the codes of `defineNetwork` for a drawn number that is out of range.
 *
 * @param slices at most one of each group, cut between blocks of 32
 * @param beat called before each group and projection, so that a process can show that it is alive
 */
export function instantiate(
  network: Network,
  seed: number,
  slices?: readonly GroupSlice[],
  beat: () => void = () => undefined,
): NetworkInstance {
  readSeed(seed, 'seed')
  const held = slices === undefined ? null : slicesByGroup(network, slices)
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const sources = new Set(network.groups.filter(({ kind }) => kind === 'source').map(({ name }) => name))
  const sliceOf = (name: string): Slice | undefined => {
    return held === null ? { start: 0, end: sizes.get(name) as number } : held.get(name)
  }
  const groups = network.groups.flatMap((group, place) => {
    beat()
    const slice = sliceOf(group.name)
    return slice === undefined ? [] : [{ place, values: groupValues(group, slice, seed) }]
  })
  const projections = network.projections.flatMap((projection, order) => {
    const slice = sliceOf(projection.target)
    if (slice === undefined) return []
    beat()
    const whole = { sources: sizes.get(projection.source) as number, targets: sizes.get(projection.target) as number }
    const origin: ProjectionOrigin = { order, fromSource: sources.has(projection.source), whole, slice, seed }
    return [projectionValues(projection, origin)]
  })
  const instance = { groups: groups.map(({ values }) => values), projections: projections.map(({ values }) => values) }
  requireInstance(instance, {
    group: (g) => `groups[${groups[g]?.place}]`,
    synapse: (p, s) => projections[p]?.placeOf(s) as number,
  })
  return instance
}

function slicesByGroup(network: Network, slices: readonly GroupSlice[]): ReadonlyMap<string, Slice> {
  const held = new Map<string, Slice>()
  for (const { group, start, end } of slices) {
    const size = network.groups.find(({ name }) => name === group)?.size ?? 0
    const isCut = start % BLOCK === 0 && (end % BLOCK === 0 || end === size)
    if (held.has(group) || !isCut || !(0 <= start && start < end && end <= size))
      throw new InternalError(`Neurons ${start} to ${end} of "${group}" are no slice that could be held.`, {
        group,
        start,
        end,
      })
    held.set(group, { start, end })
  }
  return held
}

function groupValues(group: Group, { start, end }: Slice, seed: number): GroupValues {
  const { kind, name, size: total } = group
  const held: HeldUnits = { name, size: end - start, start, total }
  const neurons = placesBetween(start, end)
  const values = (field: string, quantity: Quantity) => draw(quantity, neurons, { seed, stream: `${name}/${field}` })
  if (kind === 'source') {
    if (group.emission === undefined) return { kind, ...held }
    return { kind, ...held, emission: emissionValues(group.emission, values) }
  }
  if (kind === 'actor') return { kind, ...held, module: group.module, whole: group.whole, gradients: group.gradients }
  const { fields, traits } = modelOf(group) as NeuronModel
  const described = group as unknown as Readonly<Record<string, Quantity>>
  const numbers = Object.keys(fields).map(
    (field) => [field, values(field, entryOf(described, field) as Quantity)] as const,
  )
  return {
    kind,
    ...held,
    ...Object.fromEntries(numbers),
    ...synapticValues(group, values),
    tauShapes: tauShapes(group),
    ...traits?.(described),
  } as NeuronValues
}

function emissionValues(
  emission: Emission,
  values: (field: string, quantity: Quantity) => Float64Array,
): EmissionValues {
  switch (emission.process) {
    case 'regular':
      return { ...emission, period: values('period', emission.period) }
    case 'poisson':
      return { ...emission, rate: values('rate', emission.rate) }
    case 'inhomogeneousPoisson':
      return { ...emission, scale: values('scale', emission.scale) }
  }
}

function synapticValues(
  constants: SynapticTimeConstants,
  values: (field: string, quantity: Quantity) => Float64Array,
): { tauSynExc: Float64Array; tauSynInh: Float64Array } {
  if (constants.tauSyn === undefined) {
    return {
      tauSynExc: values('tauSynExc', constants.tauSynExc),
      tauSynInh: values('tauSynInh', constants.tauSynInh),
    }
  }
  const tauSyn = values('tauSyn', constants.tauSyn)
  return { tauSynExc: tauSyn, tauSynInh: tauSyn }
}
