import { entryOf } from '../../../events/by-name.js'
import type { ByteSource } from '../bytes/byte-source.js'
import { headerFields, readCommentHeader } from '../bytes/comment-header.js'
import { wrongFormat } from '../file-errors.js'

type EvtVersion = 'EVT2' | 'EVT21' | 'EVT3'

/** What the header of a raw file tells. */
export interface EvtHeader {
  readonly version: EvtVersion
  /** Of the 64-bit words of EVT 2.1: which half comes first. */
  readonly firstHalf: 'low' | 'high'
  /** As text, where it is said. */
  readonly width: string | undefined
  readonly height: string | undefined
  /** The byte behind it. */
  readonly end: number
}

const VERSIONS: Readonly<Record<string, EvtVersion>> = { '2.0': 'EVT2', '2.1': 'EVT21', '3.0': 'EVT3' }

/**
 * The header of a raw file by Prophesee: lines that begin with `% `, up to `% end`, which old files do not have. Newer ones
 * have a line `format EVT3;height=720;width=1280`, older ones `evt 3.0` and `geometry 1280x720`. Little-endian files alone
 * are read, and those of EVT 2.1 called `legacy`, whose words have their high half first.
 *
 * Raises `InputError` DATA_FILE_FORMAT, DATA_FILE_DAMAGED.
 */
export function readEvtHeader(source: ByteSource): EvtHeader {
  const { file } = source
  const header = readCommentHeader(source, '% ', 'end')
  const fields = headerFields(header)
  const [name = '', ...options] = (fields.get('format') ?? '').split(';')
  const format = new Map(options.map((option) => option.split('=', 2) as [string, string]))
  const version = Object.values(VERSIONS).find((each) => each === name) ?? entryOf(VERSIONS, fields.get('evt') ?? '')
  if (version === undefined) {
    const found = name !== '' ? `format ${JSON.stringify(name)}` : `evt ${JSON.stringify(fields.get('evt') ?? '')}`
    throw wrongFormat({ file, field: 'header', found }, 'EVT2, EVT21 or EVT3', 'Record or convert it in one of these.')
  }
  const order = format.get('endianness') ?? fields.get('endianness') ?? 'little'
  if (order !== 'little' && !(order === 'legacy' && version === 'EVT21')) {
    const place = { file, field: 'header, endianness', found: JSON.stringify(order) }
    throw wrongFormat(place, 'little, or legacy in EVT 2.1', 'Record or convert it in that order of bytes.')
  }
  const [width, height] = (fields.get('geometry') ?? '').split('x', 2)
  return {
    version,
    firstHalf: order === 'legacy' ? 'high' : 'low',
    width: format.get('width') ?? (height === undefined ? undefined : width),
    height: format.get('height') ?? height,
    end: header.end,
  }
}
