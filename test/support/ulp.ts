/** The distance from |x| to the next double above it. */
export function ulp(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN
  const size = Math.abs(x)
  const above = fromBits(bitsOf(size) + 1n)
  return above === Number.POSITIVE_INFINITY ? size - fromBits(bitsOf(size) - 1n) : above - size
}

/** How many doubles apart a and b are: 0 for equal ones (and for 0 and -0), Infinity if one is NaN and not the other. */
export function ulpDistance(a: number, b: number): number {
  if (Object.is(a, b)) return 0
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.POSITIVE_INFINITY
  const distance = place(a) - place(b)
  return Number(distance < 0n ? -distance : distance)
}

/** True if both hold the same bits, NaN and -0 included; else throws an Error that names the first difference. */
export function bitsEqual(a: Float64Array, b: Float64Array): true {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`)
  const [left, right] = [bitsOfAll(a), bitsOfAll(b)]
  const index = left.findIndex((bits, place) => bits !== right[place])
  if (index < 0) return true
  const [x, y] = [a[index] as number, b[index] as number]
  throw new Error(`first difference at [${index}]: ${show(x)} and ${show(y)}, ${ulpDistance(x, y)} ulp apart`)
}

function show(x: number): string {
  return `${Object.is(x, -0) ? '-0' : x} (0x${bitsOf(x).toString(16).padStart(16, '0')})`
}

/** The place of x among all doubles in order; 0 and -0 share theirs. */
function place(x: number): bigint {
  return x < 0 ? -bitsOf(-x) : bitsOf(Math.abs(x))
}

function bitsOf(x: number): bigint {
  return bitsOfAll(Float64Array.of(x))[0] as bigint
}

function bitsOfAll(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.slice().buffer)
}

function fromBits(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(bits).buffer)[0] as number
}
