import { createHash } from 'node:crypto'
import type { Network } from '../../network/description/network.js'
import { formatNetwork } from '../../network/file/format-network.js'
import { structureHash } from '../../network/file/structure-hash.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import type { CheckpointIdentity } from './checkpoint.js'

/** What the bits of every run of a network depend on: its structure, its values, what was drawn, and who computes. */
export function networkIdentity(
  network: Network,
  { seed, kernel }: { readonly seed: number; readonly kernel: string },
): CheckpointIdentity {
  return {
    groups: network.groups.map(({ name, size }) => `${name}[${size}]`).join(' '),
    seed: String(seed),
    kernel,
    arithmetic: String(ARITHMETIC_VERSION),
    structure: structureHash(network),
    network: createHash('sha256').update(formatNetwork(network)).digest('hex'),
  }
}
