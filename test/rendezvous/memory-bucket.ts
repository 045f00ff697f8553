import { objectExists, objectMissing, objectTooLarge, storeFull } from '../../src/rendezvous/failures.js'
import type { ObjectBucket } from '../../src/storage/checkpoint/object-bucket.js'

/** What a bucket in memory holds, for however many members. */
export interface MemoryObjects {
  readonly name: string
  readonly maxBytes: number
  readonly objects: Map<string, Uint8Array>
}

/** A bucket as one member sees it, who has to reach it first. */
export function memoryBucket(held: MemoryObjects, most: number, reach: () => Promise<void>): ObjectBucket {
  const { name: bucket, maxBytes, objects } = held
  return {
    name: bucket,
    async names(prefix) {
      await reach()
      return [...objects.keys()].filter((name) => name.startsWith(prefix)).sort()
    },
    async read(name) {
      await reach()
      const bytes = objects.get(name)
      if (bytes === undefined) throw objectMissing(bucket, name)
      return bytes.slice()
    },
    async create(name, bytes) {
      const copy = bytes.slice()
      if (copy.length > most) throw objectTooLarge(bucket, name, copy.length, most)
      await reach()
      if (objects.has(name)) throw objectExists(bucket, name)
      let size = copy.length
      for (const { length } of objects.values()) size += length
      if (size > maxBytes) throw storeFull(bucket, name)
      objects.set(name, copy)
    },
    async remove(name) {
      await reach()
      objects.delete(name)
    },
  }
}
