import { InputError } from '../events/errors.js'
import { checkInstance } from './check-instance.js'
import { draw, type Origin } from './draw.js'
import type { DelayShape, GroupValues, NetworkInstance, ProjectionValues } from './instance.js'
import type { Delays, Group, Network, Projection, Quantity, SynapticTimeConstants } from './network.js'

/**
 * A network with every number drawn.
 *
 * Value i of `weights`, `delays` or a group's quantity is drawn from the stream `key/weights`, `key/delays` or
 * `group/quantity` of the seed at index i, so it depends on nothing else. i counts neurons, source units (delays per
 * source) or synapses (dense: target · sourceSize + source).
 *
 * Raises `SEED_INVALID`, and the codes of `defineNetwork` for a drawn number that is out of range.
 */
export function instantiate(network: Network, seed: number): NetworkInstance {
  requireSeed(seed)
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const instance: NetworkInstance = {
    groups: network.groups.map((group) => groupValues(group, seed)),
    projections: network.projections.map((projection) => projectionValues(projection, sizes, seed)),
  }
  checkInstance(instance)
  return instance
}

function requireSeed(seed: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0) return
  throw new InputError({
    code: 'SEED_INVALID',
    field: 'seed',
    found: String(seed),
    expected: 'an integer from 0 to 2^53 - 1',
  })
}

function groupValues(group: Group, seed: number): GroupValues {
  const { kind, name, size } = group
  if (kind === 'source') return { kind, name, size }
  const values = (field: string, quantity: Quantity) => draw(quantity, size, { seed, stream: `${name}/${field}` })
  const leaky = {
    name,
    size,
    tauMem: values('tauMem', group.tauMem),
    ...synapticValues(group, values),
    bias: values('bias', group.bias),
  }
  if (kind === 'li') return { kind, ...leaky }
  return {
    kind,
    ...leaky,
    threshold: values('threshold', group.threshold),
    vReset: values('vReset', group.vReset),
    refractory: values('refractory', group.refractory),
    tauAdapt: values('tauAdapt', group.tauAdapt),
    adaptStep: values('adaptStep', group.adaptStep),
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

function projectionValues(projection: Projection, sizes: ReadonlyMap<string, number>, seed: number): ProjectionValues {
  const { key, source, target, connectivity } = projection
  const sourceSize = sizes.get(source) as number
  const targetSize = sizes.get(target) as number
  const ends = endsOf(connectivity, sourceSize, targetSize)
  const count = ends.sources.length
  const weights = draw(projection.weights, count, { seed, stream: `${key}/weights` })
  const delays = delayValues(projection.delays, sourceSize, count, { seed, stream: `${key}/delays` })
  if (connectivity.kind === 'dense') {
    for (const index of connectivity.absent) {
      weights[index] = 0
      if (projection.delays.kind === 'perSynapse') delays[index] = 0
    }
  }
  const delayShape: DelayShape = projection.delays.kind
  return { key, source, target, sourceSize, targetSize, ...ends, weights, delayShape, delays }
}

type Ends = Pick<ProjectionValues, 'layout' | 'sources' | 'targets' | 'absent'>

function endsOf(connectivity: Projection['connectivity'], sourceSize: number, targetSize: number): Ends {
  if (connectivity.kind === 'synapses') {
    const { sources, targets } = connectivity
    return { layout: 'synapses', sources: Uint32Array.from(sources), targets: Uint32Array.from(targets), absent: null }
  }
  const count = sourceSize * targetSize
  const sources = new Uint32Array(count)
  const targets = new Uint32Array(count)
  for (let target = 0, s = 0; target < targetSize; target++) {
    for (let source = 0; source < sourceSize; source++, s++) {
      sources[s] = source
      targets[s] = target
    }
  }
  return { layout: 'dense', sources, targets, absent: absentMask(connectivity.absent, count) }
}

function absentMask(absent: readonly number[], count: number): Uint8Array | null {
  if (absent.length === 0) return null
  const mask = new Uint8Array(count)
  for (const index of absent) mask[index] = 1
  return mask
}

function delayValues(delays: Delays, sourceSize: number, count: number, origin: Origin): Float64Array {
  switch (delays.kind) {
    case 'none':
      return new Float64Array(0)
    case 'scalar':
      return Float64Array.of(delays.value)
    case 'perSource':
      return draw(delays.values, sourceSize, origin)
    case 'perSynapse':
      return draw(delays.values, count, origin)
  }
}
