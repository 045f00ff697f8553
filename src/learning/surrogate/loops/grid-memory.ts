import { webAssembly } from '../../../dynamics/kernels/wasm/web-assembly.js'
import { type GridLoops, gridLoops } from './grid-loops.js'

const PAGE = 65536
/** What the kernel keeps for itself. */
const FIRST = PAGE
const ALIGNMENT = 64
/** Neurons that are moved at once. */
export const LANES = 4

/** The next multiple of the number of neurons that are moved at once. */
export function lanesFor(size: number): number {
  return Math.ceil(size / LANES) * LANES
}

/** Bytes that an array of `length` numbers of 32 bits takes. */
export function gridBytes(length: number): number {
  return Math.ceil((4 * length) / ALIGNMENT) * ALIGNMENT
}

/** The memory of a network on a grid of time, of a fixed size, and the loops that work on it. */
export class GridMemory {
  readonly loops: GridLoops
  private readonly buffer: ArrayBufferLike
  private next = FIRST

  /** @param bytes that will be taken, as `gridBytes` counts them */
  constructor(bytes: number) {
    const memory = new webAssembly.Memory({ initial: Math.ceil((FIRST + bytes) / PAGE) })
    this.buffer = memory.buffer
    this.loops = gridLoops(memory)
  }

  /** An array of zeros. */
  floats(length: number): Float32Array {
    return new Float32Array(this.buffer, this.take(length), length)
  }

  integers(length: number): Int32Array {
    return new Int32Array(this.buffer, this.take(length), length)
  }

  /** Each takes the room of two numbers of 32 bits. */
  doubles(length: number): Float64Array {
    return new Float64Array(this.buffer, this.take(2 * length), length)
  }

  private take(length: number): number {
    const address = this.next
    this.next += gridBytes(length)
    return address
  }
}
