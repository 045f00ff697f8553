/**
 * One ArrayBuffer with all numbers of a kernel, addressed by offsets: the layout a WebAssembly kernel can take over.
 *
 * Static regions are laid out first; the tape is last, so it alone grows, and growing never moves an offset.
 */
export class Memory {
  f64 = new Float64Array(0)
  i32 = new Int32Array(0)
  private doubles = 0
  private open = true

  /** Lays out a region of doubles; returns its offset in `f64`. */
  reals(count: number): number {
    if (!this.open) throw new Error('memory is already allocated')
    const offset = this.doubles
    this.doubles += count
    return offset
  }

  /** Lays out a region of 32-bit integers; returns its offset in `i32`. */
  integers(count: number): number {
    return 2 * this.reals((count + 1) >> 1)
  }

  /** Allocates every region laid out so far, zero-filled; returns the offset where the tape may begin. */
  allocate(): number {
    this.open = false
    this.adopt(new ArrayBuffer(8 * this.doubles))
    return this.doubles
  }

  /** Makes room for at least `count` doubles in all, keeping what is there. */
  grow(count: number): void {
    if (count <= this.f64.length) return
    const previous = this.f64
    this.adopt(new ArrayBuffer(8 * Math.max(count, 2 * previous.length)))
    this.f64.set(previous)
  }

  private adopt(buffer: ArrayBuffer): void {
    this.f64 = new Float64Array(buffer)
    this.i32 = new Int32Array(buffer)
  }
}

/** Element of a view whose index is known to be inside. */
export function real(view: Float64Array, index: number): number {
  return view[index] as number
}

/** Element of a view whose index is known to be inside. */
export function integer(view: Int32Array, index: number): number {
  return view[index] as number
}
