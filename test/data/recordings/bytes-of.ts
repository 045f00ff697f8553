/** The bytes of a text in ASCII. */
export const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0))

/** A whole number as so many bytes, the lowest first. */
export function littleEndian(value: number | bigint, bytes: number): number[] {
  let rest = BigInt.asUintN(8 * bytes, BigInt(value))
  return Array.from({ length: bytes }, () => {
    const byte = Number(rest % 256n)
    rest /= 256n
    return byte
  })
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
