import { damaged, FieldReader, requireInside } from './field-reader.js'
import type { Hdf5File } from './hdf5-file.js'

/** Where lists of any length are: in collections of objects. */
export interface GlobalHeap {
  /** The bytes of an object, which must be `length` bytes. */
  object(collection: number, index: number, length: number): Uint8Array
}

interface Place {
  readonly start: number
  readonly length: number
}

/** Number of collections kept in memory: rows that are read in sequence share them. */
const REMEMBERED = 64
const MOST_OBJECT_BYTES = 2 ** 30

/**
 * Reads from the global heap of a file; what objects a collection has is remembered for a while, not what is in them.
 *
 * `object` raises `InputError` DATA_FILE_DAMAGED. Source: HDF5 File Format Specification, version 3.0, III.E.
 */
export function openGlobalHeap(file: Hdf5File): GlobalHeap {
  const { source } = file
  const remembered = new Map<number, ReadonlyMap<number, Place>>()
  const collection = (start: number) => {
    const known = remembered.get(start)
    if (known !== undefined) return known
    const places = readCollection(file, start)
    for (const oldest of remembered.keys()) if (remembered.size >= REMEMBERED) remembered.delete(oldest)
    remembered.set(start, places)
    return places
  }
  return {
    object: (start, index, length) => {
      const place = collection(start).get(index)
      const wrong = (found: string, expected: string) => damaged(source, 'heap', start, found, expected)
      if (place === undefined) throw wrong(`no object ${index}`, 'the object that a row names')
      if (place.length !== length) throw wrong(`${place.length} bytes in object ${index}`, `${length}, as its row says`)
      if (length > MOST_OBJECT_BYTES) throw wrong(`${length} bytes in object ${index}`, `at most ${MOST_OBJECT_BYTES}`)
      return source.read(place.start, length).slice()
    },
  }
}

function readCollection(file: Hdf5File, start: number): ReadonlyMap<number, Place> {
  const { source, lengthBytes } = file
  const head = new FieldReader(source, 'heap', start, 8 + lengthBytes)
  head.signature('GCOL')
  head.version([1])
  head.skip(3)
  const size = head.number(lengthBytes)
  requireInside(source, 'heap', start, size)
  const places = new Map<number, Place>()
  const objectHead = 8 + lengthBytes
  for (let at = start + objectHead; at + objectHead <= start + size; ) {
    const fields = new FieldReader(source, 'heap', at, objectHead)
    const index = fields.number(2)
    // What is free is at the end.
    if (index === 0) break
    fields.skip(6)
    const place = { start: at + objectHead, length: fields.number(lengthBytes) }
    if (place.start + place.length > start + size)
      throw fields.wrong(`${place.length} bytes`, `an object within the collection, which ends at ${start + size}`)
    if (places.has(index)) throw fields.wrong(`object ${index} a second time`, 'another number')
    places.set(index, place)
    at = place.start + 8 * Math.ceil(place.length / 8)
  }
  return places
}
