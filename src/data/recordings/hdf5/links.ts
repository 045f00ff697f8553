import { FieldReader, NOWHERE } from './field-reader.js'
import { type Hdf5File, positionOf } from './hdf5-file.js'
import { MESSAGE, messageOfKind, messagesOf } from './object-header.js'
import { symbolsOf } from './symbol-table.js'
import { unreadForm } from './unread-form.js'

/** What names in a group lead to: positions of object headers; null for a link into another file or by a path. */
export type Links = ReadonlyMap<string, number | null>

/**
 * The links of the group whose object header is there; none if the object is no group.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, and DATA_FILE_FORMAT for a group with so many links that these are in a heap.
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
    { file: file.source.file, field: 'link info', found: 'a group with very many links' },
    'groups with few',
    'Write the file with fewer objects in a group, or with libver "earliest".',
  )
}
