import { FieldReader, NOWHERE } from './field-reader.js'
import { type Hdf5File, positionOf } from './hdf5-file.js'
import { treeLeaves } from './tree.js'

const SYMBOLIC_LINK = 2
const ENTRY_REST = 24

/**
 * The links of a group of the older kind: a tree of nodes with symbols, whose names are in a heap.
 *
 * Raises `InputError` DATA_FILE_DAMAGED. Source: HDF5 File Format Specification, version 3.0, III.A to D.
 */
export function symbolsOf(file: Hdf5File, tree: number, heap: number): ReadonlyMap<string, number | null> {
  const { source, offsetBytes, lengthBytes } = file
  const names = readHeap(file, heap)
  const links = new Map<string, number | null>()
  const leaves = treeLeaves(file, tree, { kind: 0, keyBytes: lengthBytes })
  for (const { child } of leaves) {
    const count = headOf(file, child).number(2)
    const fields = new FieldReader(source, 'symbols', child + 8, count * (2 * offsetBytes + ENTRY_REST))
    for (let k = 0; k < count; k++) {
      const name = nameAt(names, fields.number(offsetBytes), fields)
      const target = positionOf(file, fields)
      const isSymbolic = fields.number(4) === SYMBOLIC_LINK
      fields.skip(ENTRY_REST - 4)
      if (!isSymbolic && target === NOWHERE) throw fields.wrong('an address that leads nowhere', 'that of an object')
      links.set(name, isSymbolic ? null : target)
    }
  }
  return links
}

function headOf({ source }: Hdf5File, start: number): FieldReader {
  const fields = new FieldReader(source, 'symbols', start, 8)
  fields.signature('SNOD')
  fields.version([1])
  fields.skip(1)
  return fields
}

function readHeap(file: Hdf5File, start: number): Uint8Array {
  const fields = new FieldReader(file.source, 'heap of names', start, 8 + 2 * file.lengthBytes + file.offsetBytes)
  fields.signature('HEAP')
  fields.version([0])
  fields.skip(3)
  const size = fields.number(file.lengthBytes)
  fields.skip(file.lengthBytes)
  return new FieldReader(file.source, 'heap of names', positionOf(file, fields), size).bytes
}

function nameAt(names: Uint8Array, from: number, fields: FieldReader): string {
  const end = names.indexOf(0, from)
  if (from >= names.length || end < 0) throw fields.wrong(`a name at ${from}`, `one in ${names.length} bytes`)
  return new TextDecoder().decode(names.subarray(from, end))
}
