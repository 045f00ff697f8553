/** The bytes of a text in ASCII. */
export const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0))

/** A whole number as so many bytes, the lowest first; a negative one by its complement. */
export function littleEndian(value: number | bigint, bytes: number): number[] {
  const whole = BigInt(value)
  const hex = (whole < 0n ? whole + 2n ** BigInt(8 * bytes) : whole).toString(16).padStart(2 * bytes, '0')
  return Array.from({ length: bytes }, (_, k) =>
    Number.parseInt(hex.slice(hex.length - 2 * k - 2, hex.length - 2 * k), 16),
  )
}

/** The number that bytes mean, the lowest first. */
export function numberOf(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => 256 * value + byte, 0)
}

/** The bits of a number, such as those from 11 on. */
export const bitsOf = (word: bigint, from: number, count: number): number =>
  Number((word / 2n ** BigInt(from)) % 2n ** BigInt(count))

/** Whether bytes begin with others. */
export const beginsWith = (bytes: Uint8Array, start: ArrayLike<number>): boolean =>
  Array.from(start).every((byte, k) => bytes[k] === byte)
