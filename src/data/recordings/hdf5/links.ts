import { FieldReader, NOWHERE } from './field-reader.js'
import { type Hdf5File, positionOf } from './hdf5-file.js'
import { MESSAGE, messageOfKind, messagesOf } from './object-header.js'
import { treeLeaves } from './tree.js'
import { unreadForm } from './unread-form.js'

const SYMBOLIC_LINK = 2
const ENTRY_REST = 24

/**
 * The links of a group in the old format: a B-tree of symbol table nodes, with names in a local heap.
 *
 * Raises `InputError` DATA_FILE_DAMAGED. Source: HDF5 File Format Specification, version 3.0, III.A to D.
 */
function symbolsOf(file: Hdf5File, tree: number, heap: number): ReadonlyMap<string, number | null> {
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
      if (!isSymbolic && target === NOWHERE) throw fields.wrong('an undefined address', 'the address of an object')
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

/** Position of the object header by name of the link; null for a soft or external link. */
export type Links = ReadonlyMap<string, number | null>

/**
 * The links of the group with the object header at `start`; none if the object is not a group.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, and DATA_FILE_FORMAT for a group that stores its links in a fractal heap.
 *
 * Source: HDF5 File Format Specification, version 3.0, IV.A.2.c and g.
 */
export function linksOf(file: Hdf5File, start: number): Links {
  const messages = messagesOf(file, start)
  const table = messageOfKind(file, messages, 'symbolTable')
  if (table !== null) return symbolsOf(file, positionOf(file, table), positionOf(file, table))
  requireFew(file, messageOfKind(file, messages, 'linkInfo'))
  const links = new Map<string, number | null>()
  for (const { kind, start: from, length } of messages) {
    if (kind !== MESSAGE.link) continue
    const { name, target } = readLink(file, new FieldReader(file.source, 'link', from, length))
    links.set(name, target)
  }
  return links
}

function readLink(file: Hdf5File, fields: FieldReader): { readonly name: string; readonly target: number | null } {
  fields.version([1])
  const flags = fields.byte()
  const kind = (flags & 8) === 0 ? 0 : fields.byte()
  if ((flags & 4) !== 0) fields.skip(8)
  if ((flags & 16) !== 0) fields.skip(1)
  const name = new TextDecoder().decode(fields.block(fields.number(1 << (flags & 3))))
  return { name, target: kind === 0 ? positionOf(file, fields) : null }
}

function requireFew(file: Hdf5File, info: FieldReader | null): void {
  if (info === null) return
  info.version([0])
  const flags = info.byte()
  if ((flags & 1) !== 0) info.skip(8)
  if (info.address(file.offsetBytes) === NOWHERE) return
  throw unreadForm(
    { file: file.source.file, field: 'link info', found: 'a group that stores its links in a heap' },
    'links in the object header or a symbol table',
    'Write the file with fewer objects in a group, or with libver "earliest".',
  )
}
