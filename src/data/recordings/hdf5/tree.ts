import { FieldReader } from './field-reader.js'
import { type Hdf5File, positionOf } from './hdf5-file.js'

/** What a leaf of a tree points to. */
export interface Leaf {
  /** The key before it. */
  readonly key: FieldReader
  readonly child: number
}

/** A kind of tree. */
export interface TreeKind {
  /** 0 of groups, 1 of chunks. */
  readonly kind: 0 | 1
  readonly keyBytes: number
}

const MOST_LEVELS = 32

/**
 * The leaves of a B-tree of version 1, from left to right.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, also where a node stands in two places or on the wrong level: nothing is walked twice.
 *
 * Source: HDF5 File Format Specification, version 3.0, III.A.1.
 */
export function* treeLeaves(file: Hdf5File, root: number, { kind, keyBytes }: TreeKind): Generator<Leaf> {
  const { source, offsetBytes } = file
  const seen = new Set<number>()
  yield* below(root, null)

  function* below(start: number, expected: number | null): Generator<Leaf> {
    const head = new FieldReader(source, 'tree', start, 8)
    head.signature('TREE')
    const [found, level, count] = [head.byte(), head.byte(), head.number(2)]
    if (found !== kind) throw head.wrong(`a tree of kind ${found}`, `one of kind ${kind}`)
    const isRight = expected === null ? level < MOST_LEVELS : level === expected
    if (!isRight) throw head.wrong(`level ${level}`, `level ${expected ?? `0 to ${MOST_LEVELS - 1}`}`)
    if (seen.has(start)) throw head.wrong('a node that was read before', 'another one')
    seen.add(start)
    const first = start + 8 + 2 * offsetBytes
    const pair = keyBytes + offsetBytes
    const fields = new FieldReader(source, 'tree', first, count * pair + keyBytes)
    for (let k = 0; k < count; k++) {
      const key = new FieldReader(source, 'key of a tree', first + k * pair, keyBytes)
      fields.skip(keyBytes)
      const child = positionOf(file, fields)
      if (level > 0) yield* below(child, level - 1)
      else yield { key, child }
    }
  }
}
