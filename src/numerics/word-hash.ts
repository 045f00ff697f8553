/** Odd multipliers, one per lane, so that the lanes mix differently. */
const MULTIPLIERS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const

/** A hash that takes numbers and texts one after the other. */
export interface WordHash {
  /** Of 32 bits. */
  number(value: number): void
  numbers(values: readonly number[]): void
  text(value: string): void
  /** 128 bits as 32 hexadecimal digits; ask once, at the end. */
  digest(): string
}

/**
 * A hash of 128 bits from four lanes that multiply and rotate 32-bit words.
 *
 * It guards against mistakes, not against malice.
 */
export function createWordHash(): WordHash {
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
