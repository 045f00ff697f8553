type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array

/** The array itself if it holds `count` numbers; else a copy that does, of at least twice its length. */
export function grown<Values extends Numbers>(values: Values, count: number): Values {
  if (count <= values.length) return values
  const Type = values.constructor as new (length: number) => Values
  const larger = new Type(Math.max(count, 2 * values.length))
  larger.set(values)
  return larger
}
