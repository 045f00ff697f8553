import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'

/** A place in a YAML text. */
export interface YamlSpot {
  /** Such as `architecture.tile[0].name (line 12)`. */
  readonly place: string
  /** The child of a map; null if there is none, or it is empty. */
  find(key: string): YamlSpot | null
  /** The same; raises `InputError` FIELD_MISSING. */
  child(key: string, expected: string): YamlSpot
  /** The items of a list, or the spot alone if it is none. */
  items(): readonly YamlSpot[]
  /** The pairs of a map; null if it is none. */
  pairs(): readonly (readonly [key: string, value: YamlSpot])[] | null
  isList(): boolean
  /** Raises `InputError` FIELD_TYPE. */
  text(): string
  /** Raises `InputError` FIELD_TYPE. */
  flag(): boolean
  /** An integer from 1 on; raises `InputError` FIELD_TYPE, OPTION_OUT_OF_RANGE. */
  count(): number
  /** From 0 on; raises `InputError` FIELD_TYPE, OPTION_OUT_OF_RANGE. */
  number(): number
}

/** A YAML text, and what of it has not been looked at. */
export interface YamlText {
  readonly root: YamlSpot
  /** The places of all values that have been neither found nor read, and what stands there. */
  unread(): readonly { readonly place: string; readonly value: string }[]
}

/** Raises `InputError` YAML_INVALID with line and column. */
export function parseYaml(text: string): YamlText {
  const source = readSource(text)
  return { root: spotOf(source, source.contents, '$', 1), unread: () => unreadIn(source, source.contents, '', 1) }
}

/** The nodes of a text, and which pairs of its maps have been looked at. */
interface YamlSource {
  readonly contents: unknown
  /** What an alias stands for, or the node itself. */
  resolved(node: unknown): Node | null
  lineOf(node: Node | null, fallback: number): number
  readonly met: Set<unknown>
}

function readSource(text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    throw new InputError({
      code: 'YAML_INVALID',
      field: `line ${line}, column ${col}`,
      found: error.message.replace(/\s+/g, ' ').replace(/\.$/, ''),
      expected: 'valid YAML',
      cause: error,
    })
  }
  return {
    contents: document.contents,
    resolved: (node) => ((isAlias(node) ? node.resolve(document) : node) ?? null) as Node | null,
    lineOf: (node, fallback) => (node?.range == null ? fallback : lines.linePos(node.range[0]).line),
    met: new Set(),
  }
}

function spotOf(source: YamlSource, given: unknown, path: string, before: number): YamlSpot {
  const { resolved, met } = source
  const node = resolved(given)
  const line = source.lineOf(node, before)
  const place = path === '$' ? `line ${line}` : `${path} (line ${line})`
  const pathOf = (key: string) => (path === '$' ? key : `${path}.${key}`)
  const below = (child: unknown, key: string) => spotOf(source, child, pathOf(key), line)
  const value = () => (isScalar(node) ? node.value : isMap(node) ? {} : isSeq(node) ? [] : null)
  const find = (key: string): YamlSpot | null => {
    if (node !== null && !isMap(node)) throw wrongType(value(), place, 'a map')
    const pair = node?.items.find((each) => nameOf(each.key) === key)
    if (pair === undefined) return null
    met.add(pair)
    const own = resolved(pair.value)
    return own === null || (isScalar(own) && own.value === null) ? null : below(pair.value, key)
  }
  return {
    place,
    find,
    child(key, expected) {
      const found = find(key)
      if (found !== null) return found
      throw new InputError({
        code: 'FIELD_MISSING',
        field: `${pathOf(key)} (in line ${line})`,
        found: 'nothing',
        expected,
      })
    },
    items: () =>
      isSeq(node)
        ? node.items.map((item, k) => spotOf(source, item, `${path}[${k}]`, line))
        : [spotOf(source, given, path, line)],
    pairs() {
      if (!isMap(node)) return null
      for (const pair of node.items) met.add(pair)
      return node.items.map((pair) => [nameOf(pair.key), below(pair.value, nameOf(pair.key))] as const)
    },
    isList: () => isSeq(node),
    ...scalarReaders(value, place),
  }
}

/** Readers of the scalar at a place. */
function scalarReaders(value: () => unknown, place: string): Pick<YamlSpot, 'text' | 'flag' | 'count' | 'number'> {
  const numberThat = (expected: string, holds: (found: number) => boolean): number => {
    const found = value()
    if (typeof found !== 'number') throw wrongType(found, place, expected)
    if (holds(found)) return found
    throw new InputError({ code: 'OPTION_OUT_OF_RANGE', field: place, found: describeValue(found), expected })
  }
  return {
    text() {
      const found = value()
      if (typeof found === 'string' && found !== '') return found
      throw wrongType(found, place, 'a text')
    },
    flag() {
      const found = value()
      if (typeof found === 'boolean') return found
      throw wrongType(found, place, 'true or false')
    },
    count: () => numberThat('an integer from 1', (found) => Number.isSafeInteger(found) && found >= 1),
    number: () => numberThat('a finite number from 0', (found) => found >= 0 && found < Number.POSITIVE_INFINITY),
  }
}

function unreadIn(
  source: YamlSource,
  given: unknown,
  path: string,
  before: number,
): readonly { place: string; value: string }[] {
  // What an alias stands for is looked at where it has its anchor.
  const node = given as Node | null
  const line = source.lineOf(node, before)
  if (isSeq(node)) return node.items.flatMap((item, k) => unreadIn(source, item, `${path}[${k}]`, line))
  if (!isMap(node)) return []
  return node.items.flatMap((pair) => {
    const name = nameOf(pair.key)
    const own = path === '' ? name : `${path}.${name}`
    const value = pair.value as Node | null
    if (source.met.has(pair)) return unreadIn(source, pair.value, own, line)
    const shown = isScalar(value)
      ? describeValue(value.value)
      : isSeq(value)
        ? 'a list'
        : isAlias(value)
          ? 'an alias'
          : 'a map'
    return [{ place: `${own} (line ${source.lineOf(value, line)})`, value: shown }]
  })
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}
