import { createHash } from 'node:crypto'

/** Results of a run under a name that says what they are. */
export interface NamedNumbers {
  readonly name: string
  readonly values: Float64Array
}

/** SHA-256, in hexadecimal digits, of all values as little-endian doubles, one array after the other. */
export function digestOf(numbers: readonly NamedNumbers[]): string {
  const hash = createHash('sha256')
  for (const { values } of numbers) {
    const bytes = new DataView(new ArrayBuffer(8 * values.length))
    for (const [index, value] of values.entries()) bytes.setFloat64(8 * index, value, true)
    hash.update(bytes)
  }
  return hash.digest('hex')
}
