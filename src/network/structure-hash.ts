import type { Network, Projection } from './network.js'

/** Odd multipliers, one per lane, so that the lanes mix differently. */
const MULTIPLIERS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const

/**
 * A fingerprint of the structure of a network: names, kinds, sizes, synapses and shapes of delays, but no values.
 *
 * Two networks whose parameters fit each other have the same. 128 bits as 32 hexadecimal digits, from four lanes of
 * a multiply-and-rotate hash over 32-bit words; it guards against mistakes, not against malice.
 */
export function structureHash(network: Network): string {
  const hash = createHash()
  hash.number(network.groups.length)
  for (const { name, kind, size } of network.groups) {
    hash.text(name)
    hash.text(kind)
    hash.number(size)
  }
  hash.number(network.projections.length)
  for (const projection of network.projections) addProjection(hash, projection)
  return hash.digest()
}

function addProjection(hash: Hash, { key, source, target, connectivity, delays }: Projection): void {
  for (const word of [key, source, target, delays.kind, connectivity.kind]) hash.text(word)
  if (connectivity.kind === 'dense') hash.numbers(connectivity.absent)
  else {
    hash.numbers(connectivity.sources)
    hash.numbers(connectivity.targets)
  }
}

interface Hash {
  /** Of 32 bits. */
  number(value: number): void
  numbers(values: readonly number[]): void
  text(value: string): void
  digest(): string
}

function createHash(): Hash {
  const lanes = Uint32Array.from(MULTIPLIERS)
  const number = (value: number) => {
    for (let lane = 0; lane < lanes.length; lane++) {
      const mixed = Math.imul((lanes[lane] as number) ^ value, MULTIPLIERS[lane] as number)
      lanes[lane] = ((mixed << 13) | (mixed >>> 19)) + lane + 1
    }
  }
  // Lengths go first, so that neighbouring lists and texts cannot trade their ends.
  const numbers = (values: readonly number[]) => {
    number(values.length)
    for (const value of values) number(value)
  }
  const text = (value: string) => {
    number(value.length)
    for (let i = 0; i < value.length; i++) number(value.charCodeAt(i))
  }
  const digest = () => {
    // Every bit of the last words has to reach every digit.
    for (const constant of MULTIPLIERS) number(constant)
    return Array.from(lanes, (lane) => avalanche(lane).toString(16).padStart(8, '0')).join('')
  }
  return { number, numbers, text, digest }
}

function avalanche(word: number): number {
  let mixed = word
  for (const multiplier of MULTIPLIERS) mixed = Math.imul(mixed ^ (mixed >>> 15), multiplier)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
