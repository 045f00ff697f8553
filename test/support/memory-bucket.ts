import { RunError } from '../../src/events/errors.js'
import type { ObjectBucket } from '../../src/storage/checkpoint/object-bucket.js'

/** What a store may fail with. */
export type StoreFault = 'STORE_UNREACHABLE' | 'STORE_FULL' | 'STORE_DENIED'

/** A bucket in memory whose faults are injected. */
export interface MemoryBucket extends ObjectBucket {
  readonly objects: Map<string, Uint8Array>
  /** What everything fails with, or creating alone; null: nothing does. */
  fault: StoreFault | null
  /** Objects that are there, and cannot be read. */
  readonly damaged: Set<string>
  /** The next object that is created waits on its way until it is let go; resolves to its name once it waits. */
  holdCreate(): { readonly held: Promise<string>; letGo(): void }
}

interface Hold {
  waits(name: string): void
  readonly gone: Promise<void>
}

export function createMemoryBucket(name = 'bucket'): MemoryBucket {
  const objects = new Map<string, Uint8Array>()
  const damaged = new Set<string>()
  let hold: Hold | null = null

  async function respond(isCreating = false): Promise<void> {
    const { fault } = bucket
    // A bucket that is full can still be read, and objects removed.
    if (fault !== null && (isCreating || fault !== 'STORE_FULL')) throw failure(fault, name)
  }

  const bucket: MemoryBucket = {
    name,
    objects,
    fault: null,
    damaged,
    holdCreate() {
      let [waits, letGo] = [(_name: string) => {}, () => {}]
      const held = new Promise<string>((resolve) => {
        waits = resolve
      })
      const gone = new Promise<void>((resolve) => {
        letGo = resolve
      })
      hold = { waits, gone }
      return { held, letGo }
    },
    async names(prefix) {
      await respond()
      return [...objects.keys()].filter((each) => each.startsWith(prefix))
    },
    async read(object) {
      await respond()
      const bytes = objects.get(object)
      if (bytes === undefined) throw failure('OBJECT_MISSING', object)
      if (damaged.has(object)) throw failure('OBJECT_DAMAGED', object)
      return bytes.slice()
    },
    async create(object, bytes) {
      const held = hold
      hold = null
      held?.waits(object)
      await held?.gone
      await respond(true)
      if (objects.has(object)) throw failure('OBJECT_EXISTS', object)
      objects.set(object, bytes.slice())
    },
    async remove(object) {
      await respond()
      if (!objects.delete(object)) throw failure('OBJECT_MISSING', object)
    },
  }
  return bucket
}

function failure(code: string, of: string): RunError {
  return new RunError({ code, message: `${of}: ${code}.`, details: { object: of } })
}
