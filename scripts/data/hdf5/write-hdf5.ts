import { lookup3 } from '../../../src/data/recordings/hdf5/lookup3.js'
import { type ByteWriter, createByteWriter } from './byte-writer.js'

/** A dataset of one dimension. */
export type Column =
  | { readonly kind: 'u1' | 'u2'; readonly values: ArrayLike<number> }
  | { readonly kind: 'texts'; readonly values: readonly string[] }
  /** A list of 16-bit words in each row; floats by their bits. */
  | { readonly kind: 'lists'; readonly of: 'u2' | 'f2'; readonly values: readonly Uint16Array[] }

/** A group, by names. */
export interface Group {
  readonly [name: string]: Column | Group
}

const NOWHERE = new Uint8Array(8).fill(0xff)
const MESSAGE = { dataspace: 1, linkInfo: 2, datatype: 3, fill: 5, link: 6, layout: 8, groupInfo: 10 } as const
const COLLECTION = 4096
const SUPERBLOCK_BYTES = 48

/**
 * The bytes of an HDF5 file with these groups and datasets: a superblock of version 2, object headers of version 2 with
 * their links, datasets in one piece, lists in the global heap. HDF5 1.8 and newer read it.
 *
 * Source: HDF5 File Format Specification, version 3.0.
 */
export function writeHdf5(root: Group): Uint8Array {
  const out = createByteWriter()
  out.bytes(new Uint8Array(SUPERBLOCK_BYTES))
  const start = writeGroup(out, root)
  const file = out.written()
  const superblock = createByteWriter()
  superblock.bytes(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 2, 8, 8, 0))
  superblock.number(0, 8)
  superblock.bytes(NOWHERE)
  superblock.number(file.length, 8)
  superblock.number(start, 8)
  superblock.number(lookup3(superblock.written()), 4)
  file.set(superblock.written())
  return file
}

/** @returns where the header is */
function writeGroup(out: ByteWriter, group: Group): number {
  const links = Object.entries(group).map(([name, child]) => {
    const target = isColumn(child) ? writeColumn(out, child) : writeGroup(out, child)
    return message(MESSAGE.link, (link) => {
      link.bytes(Uint8Array.of(1, 0, name.length))
      link.text(name)
      link.number(target, 8)
    })
  })
  const linkInfo = message(MESSAGE.linkInfo, (info) => {
    info.bytes(Uint8Array.of(0, 0))
    info.bytes(NOWHERE)
    info.bytes(NOWHERE)
  })
  const groupInfo = message(MESSAGE.groupInfo, (info) => info.bytes(Uint8Array.of(0, 0)))
  return writeHeader(out, [linkInfo, groupInfo, ...links])
}

function isColumn(child: Column | Group): child is Column {
  return typeof child.kind === 'string'
}

function writeColumn(out: ByteWriter, column: Column): number {
  const { start, length, type } = writeElements(out, column)
  return writeHeader(out, [
    message(MESSAGE.dataspace, (space) => {
      space.bytes(Uint8Array.of(2, 1, 0, 1))
      space.number(column.values.length, 8)
    }),
    message(MESSAGE.datatype, (datatype) => datatype.bytes(type)),
    message(MESSAGE.fill, (fill) => fill.bytes(Uint8Array.of(3, 0x0a))),
    message(MESSAGE.layout, (layout) => {
      layout.bytes(Uint8Array.of(3, 1))
      layout.number(start, 8)
      layout.number(length, 8)
    }),
  ])
}

function writeElements(out: ByteWriter, column: Column) {
  switch (column.kind) {
    case 'lists': {
      const references = writeLists(out, column.values)
      const start = out.length
      out.bytes(references)
      return { start, length: references.length, type: Uint8Array.of(0x19, 0, 0, 0, 16, 0, 0, 0, ...TYPES[column.of]) }
    }
    case 'texts': {
      const texts = column.values.map((text) => new TextEncoder().encode(text))
      const width = Math.max(1, ...texts.map((text) => text.length))
      const start = out.length
      for (const text of texts) {
        out.bytes(text)
        out.bytes(new Uint8Array(width - text.length))
      }
      return { start, length: out.length - start, type: Uint8Array.of(0x13, 1, 0, 0, width, 0, 0, 0) }
    }
    default: {
      const start = out.length
      const width = column.kind === 'u1' ? 1 : 2
      for (let k = 0; k < column.values.length; k++) out.number(column.values[k] as number, width)
      return { start, length: out.length - start, type: Uint8Array.from(TYPES[column.kind]) }
    }
  }
}

/** Datatype messages: class and version, bits, size, then what the class has. */
const TYPES = {
  u1: [0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0],
  u2: [0x10, 0, 0, 0, 2, 0, 0, 0, 0, 0, 16, 0],
  f2: [0x11, 0x20, 15, 0, 2, 0, 0, 0, 0, 0, 16, 0, 10, 5, 0, 10, 15, 0, 0, 0],
} as const

/** Writes a collection of the global heap for each list. @returns the references to them */
function writeLists(out: ByteWriter, lists: readonly Uint16Array[]): Uint8Array {
  const references = createByteWriter()
  for (const list of lists) {
    references.number(list.length, 4)
    references.number(list.length === 0 ? 0 : writeCollection(out, list), 8)
    references.number(list.length === 0 ? 0 : 1, 4)
  }
  return references.written()
}

function writeCollection(out: ByteWriter, list: Uint16Array): number {
  out.align(8)
  const start = out.length
  const data = 8 * Math.ceil(list.length / 4)
  const size = Math.max(COLLECTION, 32 + data + 16)
  out.text('GCOL')
  out.number(1, 4)
  out.number(size, 8)
  out.number(1, 2)
  out.number(1, 2)
  out.number(0, 4)
  out.number(2 * list.length, 8)
  for (const word of list) out.number(word, 2)
  out.align(8)
  const free = start + size - out.length
  out.number(0, 8)
  out.number(free, 8)
  out.bytes(new Uint8Array(free - 16))
  return start
}

function message(kind: number, write: (data: ByteWriter) => void): Uint8Array {
  const data = createByteWriter()
  write(data)
  const all = createByteWriter()
  all.number(kind, 1)
  all.number(data.length, 2)
  all.number(0, 1)
  all.bytes(data.written())
  return all.written()
}

function writeHeader(out: ByteWriter, messages: readonly Uint8Array[]): number {
  out.align(8)
  const start = out.length
  out.text('OHDR')
  out.bytes(Uint8Array.of(2, 2))
  out.number(
    messages.reduce((sum, { length }) => sum + length, 0),
    4,
  )
  for (const each of messages) out.bytes(each)
  out.number(lookup3(out.written().subarray(start)), 4)
  return start
}
