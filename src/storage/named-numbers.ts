import { createHash } from 'node:crypto'

/** Results of a run under a name that says what they are. */
export interface NamedNumbers {
  readonly name: string
  readonly values: Float64Array
}

/** SHA-256, in hexadecimal digits, of all values as little-endian doubles, one array after the other. */
export function digestOf(numbers: readonly NamedNumbers[]): string {
  const sum = createNumbersDigest()
  for (const { values } of numbers) sum.add(values)
  return sum.digest()
}

/** The same of values that come piece by piece. */
export function createNumbersDigest(): { add(values: ArrayLike<number>): void; digest(): string } {
  const hash = createHash('sha256')
  return {
    add(values) {
      const bytes = new DataView(new ArrayBuffer(8 * values.length))
      for (let index = 0; index < values.length; index++) bytes.setFloat64(8 * index, values[index] as number, true)
      hash.update(bytes)
    },
    digest: () => hash.digest('hex'),
  }
}
