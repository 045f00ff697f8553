import { type ByteSource, SLICE_BYTES } from '../bytes/byte-source.js'
import { damagedFile, wrongFormat } from '../file-errors.js'
import { flatRoot } from './flat-table.js'
import { packedBytes } from './packed-bytes.js'

/** A stream of packets in a file, as its header describes it. */
interface PacketStream {
  readonly id: number
  /** Four letters; `EVTS` are events. */
  readonly kind: string
  /** Of the camera, as texts, where they are said. */
  readonly width: string | undefined
  readonly height: string | undefined
}

/** An opening or a closing tag, with the text behind it. */
const TAG = /<(\/?)(node|attr)\b([^<>]*)>([^<]*)/g
const NAME = /\bname="([^"]*)"/
const KEY = /\bkey="([^"]*)"/

/**
 * The streams that the XML in the header of AEDAT4 tells of: below a node `outInfo` one for each, named by its number, with
 * its `typeIdentifier`, and below that a node `info` with `sizeX` and `sizeY`. All else is passed over.
 */
function streamsIn(xml: string): readonly PacketStream[] {
  const attributes = new Map<string, Map<string, string>>()
  const open: string[] = []
  for (const [, closing = '', tag = '', inside = '', text = ''] of xml.matchAll(TAG)) {
    if (tag === 'attr' && closing === '') keep(attributes, open, KEY.exec(inside)?.[1] ?? '', text)
    else if (tag === 'node' && closing !== '') open.pop()
    else if (tag === 'node' && !inside.endsWith('/')) open.push(NAME.exec(inside)?.[1] ?? '')
  }
  return [...attributes].flatMap(([name, of]) => {
    const kind = of.get('typeIdentifier')
    if (!/^\d{1,9}$/.test(name) || kind === undefined) return []
    return [{ id: Number(name), kind, width: of.get('info.sizeX'), height: of.get('info.sizeY') }]
  })
}

function keep(attributes: Map<string, Map<string, string>>, open: readonly string[], key: string, text: string): void {
  const at = open.indexOf('outInfo')
  const [stream, ...below] = at < 0 ? [] : open.slice(at + 1)
  if (stream === undefined) return
  const of = attributes.get(stream) ?? new Map<string, string>()
  of.set([...below, key].join('.'), text.trim())
  attributes.set(stream, of)
}

const VERSION = '#!AER-DAT4.0\r\n'
/** By the number in the header: none, LZ4 at two levels, Zstandard at two levels. */
const PACKINGS = ['none', 'lz4', 'lz4', 'zstd', 'zstd'] as const

/** What a file says of itself before its packets. */
export interface Aedat4Header {
  readonly packing: (typeof PACKINGS)[number]
  /** The one with events. */
  readonly stream: PacketStream
  /** The byte behind it. */
  readonly end: number
  /** The byte behind the last packet. */
  readonly last: number
}

/** Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT. */
export function readAedat4Header(source: ByteSource): Aedat4Header {
  const { file, size } = source
  requireVersion(source)
  const start = VERSION.length
  const refuse = (found: string, at: number) =>
    damagedFile({ file, field: `byte ${start + at}`, found }, 'a whole header')
  if (size < start + 4) throw refuse('its end', size - start)
  const first = source.read(start, 4)
  const bytes = 4 + new DataView(first.buffer, first.byteOffset, 4).getUint32(0, true)
  if (bytes > Math.min(size - start, SLICE_BYTES)) throw refuse(`a header of ${bytes} bytes`, 0)
  const table = flatRoot(packedBytes(source.read(start, bytes), refuse), 'IOHE')
  const [compression, position, xml] = [table.int32(0) ?? 0, table.int64(1) ?? -1, table.text(2) ?? '']
  const packing = PACKINGS[compression]
  if (packing === undefined) {
    const place = { file, field: 'header, compression', found: String(compression) }
    throw wrongFormat(place, '0 to 4: none, LZ4 or Zstandard', 'Export the file with one of these.')
  }
  const end = start + bytes
  const last = position < 0 ? size : position
  if (last < end || last > size)
    throw damagedFile({ file, field: 'header, dataTablePosition', found: `${position}` }, `-1, or ${end} to ${size}`)
  return { packing, stream: eventStream(file, streamsIn(xml)), end, last }
}

function requireVersion(source: ByteSource): void {
  const { file, size } = source
  const found = new TextDecoder('latin1').decode(source.read(0, Math.min(size, VERSION.length)))
  if (found === VERSION) return
  const place = { file, field: 'byte 0', found: JSON.stringify(found) }
  throw wrongFormat(place, JSON.stringify(VERSION), 'Take the reader of the format that the file has.')
}

function eventStream(file: string, streams: readonly PacketStream[]): PacketStream {
  const [stream, ...others] = streams.filter(({ kind }) => kind === 'EVTS')
  if (stream !== undefined && others.length === 0) return stream
  const found = stream === undefined ? 'no stream of events' : `${1 + others.length} streams of events`
  throw wrongFormat({ file, field: 'header, infoNode', found }, 'one', 'Export the events of one camera alone.')
}
