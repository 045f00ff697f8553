import { RunError } from '../../../events/errors.js'
import type { KernelVariant } from './instantiate.js'
import { type WebAssemblyMemory, webAssembly } from './web-assembly.js'

const PAGE = 65536
/** 4 GiB, all that addresses of 32 bits reach. */
const MOST_PAGES = 65536
const ALIGNMENT = 64

/**
 * The memory of a kernel: regions are taken one behind the other, and given back all at once down to a mark.
 *
 * It only grows, and only here. Views are created again when it has grown, so read them after taking a region.
 */
export class KernelMemory {
  readonly memory: WebAssemblyMemory
  private readonly group: string
  private next: number
  /** Asking the memory for its buffer takes longer than most of what is looked up there. */
  private views: ReturnType<typeof viewsOf>

  /**
   * @param first the first byte that may be taken
   * @param group whose kernel it is
   */
  constructor(first: number, variant: KernelVariant, group: string) {
    this.group = group
    const initial = Math.ceil(first / PAGE) + 1
    this.memory = new webAssembly.Memory(
      variant === 'shared' ? { initial, maximum: MOST_PAGES, shared: true } : { initial },
    )
    this.next = align(first)
    this.views = viewsOf(this.memory)
  }

  get f64(): Float64Array {
    return this.views.f64
  }

  get i32(): Int32Array {
    return this.views.i32
  }

  get f32(): Float32Array {
    return this.views.f32
  }

  get u32(): Uint32Array {
    return this.views.u32
  }

  /** Takes a region of `bytes` bytes without clearing it; returns its address, a multiple of 64. */
  take(bytes: number): number {
    const address = this.next
    this.next = align(address + bytes)
    this.reach(this.next)
    return address
  }

  /** Takes a region of zeros. */
  takeZeros(bytes: number): number {
    const address = this.take(bytes)
    this.views.u8.fill(0, address, address + bytes)
    return address
  }

  /** Takes a region and fills it with doubles, or with integers. */
  copy(values: Float64Array | Uint32Array): number {
    const address = this.take(values.byteLength)
    if (values instanceof Float64Array) this.f64.set(values, address / 8)
    else this.u32.set(values, address / 4)
    return address
  }

  /** Where the next region will be. */
  mark(): number {
    return this.next
  }

  /** Gives back everything taken since a mark, or up to an address. */
  release(mark: number): void {
    this.next = align(mark)
  }

  private reach(end: number): void {
    const { byteLength } = this.views.u8
    if (end <= byteLength) return
    const pages = Math.ceil((end - byteLength) / PAGE)
    const spare = Math.min(byteLength / PAGE / 2, MOST_PAGES - byteLength / PAGE - pages)
    try {
      this.memory.grow(pages + Math.max(0, Math.floor(spare)))
    } catch (cause) {
      throw kernelMemoryFull(this.group, end, cause)
    }
    this.views = viewsOf(this.memory)
  }
}

/** `RunError` KERNEL_MEMORY. */
function kernelMemoryFull(group: string, bytes: number, cause: unknown): RunError {
  return new RunError({
    code: 'KERNEL_MEMORY',
    message: `The kernel of group "${group}" needs ${(bytes / 2 ** 30).toFixed(1)} GiB; it can have 4, or what the machine gives it.`,
    details: { group, bytes },
    remedy:
      'Mostly neurons fire far too often: lower the weights or the learning rates. Else take smaller mini-batches or more cores.',
    cause,
  })
}

function viewsOf({ buffer }: WebAssemblyMemory) {
  return {
    f64: new Float64Array(buffer),
    f32: new Float32Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    u8: new Uint8Array(buffer),
  }
}

/** Room for records of one size; where it does not suffice, twice what is needed is taken, and what stood there is lost. */
export class RecordWorkspace {
  /** Of the first record; 0 as long as there was none. */
  address = 0
  private readonly memory: KernelMemory
  private readonly size: number
  private room = 0

  /** @param size of a record, in bytes */
  constructor(memory: KernelMemory, size: number) {
    this.memory = memory
    this.size = size
  }

  /** The address of room for `count` records. */
  take(count: number): number {
    if (count > this.room) {
      this.room = 2 * count
      this.address = this.memory.take(this.size * this.room)
    }
    return this.address
  }
}

export function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT
}
