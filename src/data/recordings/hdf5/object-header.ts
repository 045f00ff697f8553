import { FieldReader } from './field-reader.js'
import { type Hdf5File, positionOf, requireChecksum } from './hdf5-file.js'
import { unreadForm } from './unread-form.js'

/** The kinds of messages that matter here. */
export const MESSAGE = {
  ...{ dataspace: 0x01, linkInfo: 0x02, datatype: 0x03, link: 0x06, layout: 0x08, filters: 0x0b },
  ...{ continuation: 0x10, symbolTable: 0x11 },
} as const

/** One fact about an object. */
export interface Message {
  readonly kind: number
  /** Where its data lie in the file. */
  readonly start: number
  readonly length: number
}

/** Objects have tens of messages, those with many links and attributes thousands. */
const MOST_MESSAGES = 1 << 16
const IS_SHARED = 2

/** A part of a header, which may say where there is another. */
interface Block {
  readonly start: number
  readonly length: number
}

/**
 * The messages of the object whose header is there, in the order of the file.
 *
 * Raises `InputError` DATA_FILE_DAMAGED, and DATA_FILE_FORMAT for datatypes that are shared.
 *
 * Source: HDF5 File Format Specification, version 3.0, IV.A.
 */
export function messagesOf(file: Hdf5File, start: number): readonly Message[] {
  const isOld = new FieldReader(file.source, 'object header', start, 1).byte() === 1
  const header = isOld ? oldHeader(file, start) : newHeader(file, start)
  const messages: Message[] = []
  const seen = new Set<number>()
  const blocks: Block[] = [header]
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    const fields = new FieldReader(file.source, 'object header', block.start, block.length)
    if (seen.has(block.start)) throw fields.wrong('a block that was read before', 'another one')
    seen.add(block.start)
    for (const message of messagesIn(file, fields, header)) {
      if (message.kind === MESSAGE.continuation) blocks.push(continuationOf(file, message, isOld))
      else messages.push(message)
    }
    if (messages.length > MOST_MESSAGES) throw fields.wrong('more messages', `at most ${MOST_MESSAGES}`)
  }
  return messages
}

function* messagesIn(file: Hdf5File, fields: FieldReader, { isOld, headBytes }: Header): Generator<Message> {
  while (fields.left >= headBytes) {
    const kind = fields.number(isOld ? 2 : 1)
    const length = fields.number(2)
    const flags = fields.byte()
    fields.skip(headBytes - (isOld ? 5 : 4))
    const message = { kind, start: fields.start + fields.position, length }
    fields.skip(length)
    if ((flags & IS_SHARED) !== 0) requireUnshared(file, message)
    yield message
  }
}

/** The only message of a kind, to be read; null if there is none. */
export function messageOfKind(
  file: Hdf5File,
  messages: readonly Message[],
  name: keyof typeof MESSAGE,
): FieldReader | null {
  const found = messages.find(({ kind }) => kind === MESSAGE[name])
  return found === undefined ? null : new FieldReader(file.source, name, found.start, found.length)
}

/** The first part, and how messages begin in all of them. */
interface Header extends Block {
  readonly isOld: boolean
  readonly headBytes: number
}

function oldHeader({ source }: Hdf5File, start: number): Header {
  const fields = new FieldReader(source, 'object header', start, 16)
  fields.version([1])
  fields.skip(7)
  return { start: start + 16, length: fields.number(4), isOld: true, headBytes: 8 }
}

function newHeader({ source }: Hdf5File, start: number): Header {
  const head = new FieldReader(source, 'object header', start, 6)
  head.signature('OHDR')
  head.version([2])
  const flags = head.byte()
  const skipped = 6 + ((flags & 0x20) === 0 ? 0 : 16) + ((flags & 0x10) === 0 ? 0 : 4)
  const width = 1 << (flags & 3)
  const length = new FieldReader(source, 'object header', start + skipped, width).number(width)
  requireChecksum(source, 'object header', start, skipped + width + length)
  return { start: start + skipped + width, length, isOld: false, headBytes: (flags & 4) === 0 ? 4 : 6 }
}

function continuationOf(file: Hdf5File, message: Message, isOld: boolean): Block {
  const fields = new FieldReader(file.source, 'continuation', message.start, message.length)
  const start = positionOf(file, fields)
  const length = fields.number(file.lengthBytes)
  if (isOld) return { start, length }
  new FieldReader(file.source, 'object header', start, length).signature('OCHK')
  if (length < 8) throw fields.wrong(`${length} bytes`, 'at least 8')
  requireChecksum(file.source, 'object header', start, length - 4)
  return { start: start + 4, length: length - 8 }
}

function requireUnshared({ source: { file } }: Hdf5File, { kind, start }: Message): void {
  const needed: readonly number[] = Object.values(MESSAGE)
  if (!needed.includes(kind)) return
  const found = 'a datatype or other message that is kept elsewhere in the file'
  throw unreadForm({ file, field: `byte ${start} (object header)`, found }, 'messages in the header of their object')
}
