import { createWordHash, type WordHash } from '../../numerics/word-hash.js'
import { connectivityOf } from '../connectivity/connectivity-of.js'
import type { ActorGroup, Network, Projection } from '../description/network.js'
import type { ModuleReference } from '../modules/module-reference.js'

/**
 * A fingerprint of the structure of a network: names, kinds, sizes, synapses and shapes of delays, signs, operators,
 * actors and how sources emit by themselves; but no values.
 *
 * Two networks whose parameters fit each other have the same. 128 bits as 32 hexadecimal digits; it guards against
 * mistakes, not against malice.
 */
export function structureHash(network: Network): string {
  const hash = createWordHash()
  hash.number(network.groups.length)
  for (const group of network.groups) {
    hash.text(group.name)
    hash.text(group.kind)
    hash.number(group.size)
    if (group.kind === 'actor') addActor(hash, group)
    if (group.kind === 'source' && group.emission !== undefined) hash.text(JSON.stringify(group.emission))
  }
  hash.number(network.projections.length)
  for (const projection of network.projections) addProjection(hash, projection)
  return hash.digest()
}

function addActor(hash: WordHash, { module, whole, gradients }: ActorGroup): void {
  addModule(hash, gradients, module)
  hash.number(Number(whole))
}

/** Its code has a hash of its own, and lies elsewhere on other machines. */
function addModule(hash: WordHash, role: string, { name, export: exported, options }: ModuleReference): void {
  for (const word of [role, name, exported, JSON.stringify(options)]) hash.text(word)
}

function addProjection(hash: WordHash, projection: Projection): void {
  const { key, source, target, connectivity, delays, sign, through } = projection
  for (const word of [key, source, target, delays.kind, connectivity.kind]) hash.text(word)
  if (sign !== undefined) hash.text(sign)
  for (const operator of through ?? []) addModule(hash, 'through', operator)
  connectivityOf(projection).addTo(hash)
}
