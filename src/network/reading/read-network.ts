import type { Network } from '../description/network.js'
import { readObject } from './read-value.js'
import { wrongType } from './wrong-value.js'

/** A network, as far as one can tell without going through it. */
export function readNetwork<Names extends string>(value: Network<Names>, field?: string): Network<Names>
export function readNetwork(value: unknown, field?: string): Network
export function readNetwork(value: unknown, field = 'network'): Network {
  const { groups, projections } = readObject(value, field)
  if (areRecords(groups) && areRecords(projections)) return value as Network
  throw wrongType(value, field, 'a network, as defineNetwork and parseNetwork make it')
}

function areRecords(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null)
}
