import { InternalError } from '../../events/errors.js'
import { corrupt } from '../../streams/wire/frame-fault.js'
import { padded, requireMessageHead } from '../../streams/wire/message-size.js'
import { readText, textBytes } from '../../streams/wire/text.js'
import { cannotTravel, isRecord, travellingFields } from '../../streams/wire/travelling.js'
import { isSection, readSections, type Section, sectionsBytes, writeSections } from './value-sections.js'

const HEAD_BYTES = 8
/** Marks a text that stands for something else; in front of a text that begins with it, it stands for itself. */
const MARK = '~'
const MOST_DEPTH = 64

/** What JSON cannot say. */
const WORDS: ReadonlyMap<string, number | undefined> = new Map([
  ['~Infinity', Infinity],
  ['~-Infinity', -Infinity],
  ['~NaN', Number.NaN],
  ['~-0', -0],
  ['~undefined', undefined],
])

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree }

/**
 * A JSON-like value as bytes.
 *
 *     byte 0 u32 bytes of the JSON text     8 the text in UTF-8, padded to a multiple of 8
 *          4 u32 sections                     then the sections
 *
 * Also holds Infinity, NaN, -0 and undefined (as texts that begin with "~") and, as sections, Float64Array, Uint32Array,
 * Int32Array, Uint8Array and Uint16Array. Fields that are undefined are left out.
 *
 * @throws InternalError for what cannot travel: functions, instances of classes, keys `__proto__`, cycles
 */
export function encodeValue(value: unknown): Uint8Array {
  const sections: Section[] = []
  const text = textBytes(JSON.stringify(treeOf(value, sections, 0)))
  const sectionsAt = HEAD_BYTES + padded(text.length)
  const payload = new Uint8Array(sectionsAt + sectionsBytes(sections))
  const view = new DataView(payload.buffer)
  view.setUint32(0, text.length, true)
  view.setUint32(4, sections.length, true)
  payload.set(text, HEAD_BYTES)
  writeSections(payload, sectionsAt, sections)
  return payload
}

function treeOf(value: unknown, sections: Section[], depth: number): Tree {
  if (depth > MOST_DEPTH) throw new InternalError(`A value is nested more than ${MOST_DEPTH} deep.`)
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : wordOf(value)
  if (typeof value === 'string') return value.startsWith(MARK) ? MARK + value : value
  if (value === undefined) return wordOf(value)
  if (value === null || typeof value === 'boolean') return value
  if (isSection(value)) return `${MARK}#${sections.push(value) - 1}`
  if (Array.isArray(value)) return Array.from(value, (entry) => treeOf(entry, sections, depth + 1))
  if (!isRecord(value)) throw cannotTravel(value)
  return Object.fromEntries(travellingFields(value).map(([key, field]) => [key, treeOf(field, sections, depth + 1)]))
}

function wordOf(value: unknown): string {
  return value === undefined ? '~undefined' : MARK + (Object.is(value, -0) ? '-0' : String(value))
}

/** @throws FrameFault LINK_FRAME_CORRUPT; each section is used once, so memory is bounded by the payload's size. */
export function decodeValue(payload: Uint8Array): unknown {
  const view = requireMessageHead('value', payload, HEAD_BYTES)
  const end = HEAD_BYTES + view.getUint32(0, true)
  if (HEAD_BYTES + padded(end - HEAD_BYTES) > payload.byteLength)
    throw corrupt(`a value has ${end - HEAD_BYTES} bytes of text in ${payload.byteLength}`)
  const tree = parse(readText(payload.subarray(HEAD_BYTES, end)))
  const count = view.getUint32(4, true)
  const sections = readSections(payload, HEAD_BYTES + padded(end - HEAD_BYTES), count)
  const value = revive(tree, new Map(sections.entries()), 0)
  return value
}

function parse(text: string): Tree {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw corrupt('the text of a value is not JSON', error)
  }
}

/** The tree that was parsed with what its marked texts stand for. */
function revive(tree: Tree, sections: Map<number, Section>, depth: number): unknown {
  if (depth > MOST_DEPTH) throw corrupt(`a value is nested more than ${MOST_DEPTH} deep`)
  if (typeof tree === 'string') return tree.startsWith(MARK) ? meaningOf(tree, sections) : tree
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) return tree.map((entry) => revive(entry, sections, depth + 1))
  if (Object.hasOwn(tree, '__proto__')) throw corrupt('a value holds the key "__proto__"')
  return Object.fromEntries(Object.entries(tree).map(([key, field]) => [key, revive(field, sections, depth + 1)]))
}

function meaningOf(text: string, sections: Map<number, Section>): unknown {
  if (text.startsWith(MARK, 1)) return text.slice(1)
  if (WORDS.has(text)) return WORDS.get(text)
  const number = /^~#(0|[1-9]\d{0,9})$/.exec(text)?.[1]
  const section = sections.get(Number(number))
  if (section === undefined) throw corrupt(`a value holds the unknown text "${text.slice(0, 20)}"`)
  sections.delete(Number(number))
  return section
}
