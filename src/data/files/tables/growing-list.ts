import { grown } from '../../../numerics/grown.js'

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
      room = grown(room, used + 1)
      room[used++] = value
    },
    values: () => room.subarray(0, used) as Values,
  }
}
