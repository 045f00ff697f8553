type NumberArray = Float64Array | Uint32Array | Int32Array

/** Numbers whose final count is unknown. */
export interface GrowingList<Values extends NumberArray> {
  push(value: number): void
  /** All of them, as they are then. */
  values(): Values
}

export function growingList<Values extends NumberArray>(create: new (length: number) => Values): GrowingList<Values> {
  let room = new create(1024)
  let used = 0
  return {
    push: (value) => {
      if (used === room.length) {
        const larger = new create(2 * used)
        larger.set(room)
        room = larger
      }
      room[used++] = value
    },
    values: () => room.subarray(0, used) as Values,
  }
}
