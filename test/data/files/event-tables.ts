import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'

/** Events of a few recordings, as tables have them: units, times in µs, the recording of each. */
export interface TableCase {
  readonly labels: readonly (number | string)[]
  readonly speakers: readonly number[]
  readonly events: readonly { readonly sample: number; readonly us: number; readonly unit: number }[]
}

/** Of three recordings or more, some without events. */
export const tableCase: fc.Arbitrary<TableCase> = fc
  .tuple(fc.integer({ min: 3, max: 6 }), fc.boolean())
  .chain(([count, named]) =>
    fc.record({
      labels: fc.constant(
        Array.from({ length: count }, (_, k) => (named ? (['left', 'right'][k % 2] as string) : k % 3)),
      ),
      speakers: fc.array(fc.nat({ max: 30 }), { minLength: count, maxLength: count }),
      events: fc.array(
        fc.record({ sample: fc.nat({ max: count - 1 }), us: fc.nat({ max: 3_000_000 }), unit: fc.nat({ max: 9 }) }),
        { maxLength: 40 },
      ),
    }),
  )

/** The bytes of a zip archive. */
export function zipBytes(files: Readonly<Record<string, Uint8Array>>, method: 0 | 8): Buffer {
  const locals: Buffer[] = []
  const listed: Buffer[] = []
  let start = 0
  for (const [name, bytes] of Object.entries(files)) {
    const packed = method === 0 ? bytes : deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const end = Buffer.alloc(14)
    end.writeUInt32LE(start, 10)
    listed.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, end, Buffer.from(name)]))
    locals.push(local)
    start += local.length
  }
  const list = Buffer.concat(listed)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(listed.length, 8)
  end.writeUInt16LE(listed.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([...locals, list, end])
}

type Values = readonly (number | string)[] | Float64Array

/** The bytes of an array of NumPy; texts are of the type `<U8`. */
export function npyBytes(type: string, shape: readonly number[], values: Values): Buffer {
  const size = type.includes('U') ? 4 * Number(type.slice(2)) : Number(type.slice(2))
  const data = Buffer.alloc(size * values.length)
  for (const [k, value] of values.entries()) writeItem(data, k * size, type, value)
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const header = Buffer.alloc(118, ' ')
  header.write(`{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`)
  header.write('\n', 117)
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
  start.writeUInt16LE(header.length, 8)
  return Buffer.concat([start, header, data])
}

function writeItem(data: Buffer, at: number, type: string, value: number | string): void {
  if (typeof value === 'string') {
    for (const [k, letter] of Array.from(value).entries())
      data.writeUInt32LE(letter.codePointAt(0) as number, at + 4 * k)
    return
  }
  const kind = type.slice(1)
  const isLittle = type[0] !== '>'
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (kind === 'i8') view.setBigInt64(at, BigInt(value), isLittle)
  else if (kind === 'f8') view.setFloat64(at, value, isLittle)
  else if (kind === 'f4') view.setFloat32(at, value, isLittle)
  else if (kind === 'i4') view.setInt32(at, value, isLittle)
  else if (kind === 'i2') view.setInt16(at, value, isLittle)
  else if (kind === 'u2') view.setUint16(at, value, isLittle)
  else view.setInt8(at, value)
}

/** A table as an archive of NumPy. */
export function npzOf({ labels, speakers, events }: TableCase, method: 0 | 8 = 8): Buffer {
  const column = (type: string, values: Values) => npyBytes(type, [values.length], values)
  const label = typeof labels[0] === 'string' ? '<U8' : '<i8'
  return zipBytes(
    {
      'time_us.npy': column(
        '<i8',
        events.map(({ us }) => us),
      ),
      'unit.npy': column(
        '<u2',
        events.map(({ unit }) => unit),
      ),
      'sample.npy': column(
        '<i4',
        events.map(({ sample }) => sample),
      ),
      'labels.npy': column(label, labels),
      'speaker.npy': column('|i1', speakers),
      'shape.npy': column('>i4', [10]),
    },
    method,
  )
}

/** A table as text; recordings without events have a row of their own. */
export function csvOf({ labels, speakers, events }: TableCase): string {
  const rows = labels.map((label, sample) => `${sample},,,${label},${speakers[sample]}`)
  for (const { sample, us, unit } of events) rows.push(`${sample},${us},${unit},${labels[sample]},${speakers[sample]}`)
  return `sample,time_us,unit,label,speaker\n${rows.join('\n')}\n`
}

/** Bytes that something happened to: some are others, gone, doubled, or the end is cut off. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat({ max: bytes.length - 1 })
  const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x22, 0x2c, 0x2d, 0x39), fc.nat({ max: 255 }))
  const blow = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), at: place, bytes: fc.array(byte, { minLength: 1, maxLength: 4 }) }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: place,
      bytes: fc.array(byte, { minLength: 1, maxLength: 9 }),
    }),
    fc.record({ kind: fc.constant('cut' as const), at: place, bytes: fc.array(byte, { maxLength: 0 }) }),
    fc.record({
      kind: fc.constant('remove' as const),
      at: place,
      bytes: fc.array(byte, { minLength: 1, maxLength: 60 }),
    }),
    fc.record({
      kind: fc.constant('repeat' as const),
      at: place,
      bytes: fc.array(byte, { minLength: 1, maxLength: 60 }),
    }),
  )
  return fc.array(blow, { minLength: 1, maxLength: 3 }).map((blows) => {
    let found = Buffer.from(bytes)
    for (const { kind, at, bytes: given } of blows) {
      const [head, length] = [found.subarray(0, at), given.length]
      if (kind === 'set') found = Buffer.concat([head, Buffer.from(given), found.subarray(at + length)])
      if (kind === 'insert') found = Buffer.concat([head, Buffer.from(given), found.subarray(at)])
      if (kind === 'cut') found = Buffer.from(head)
      if (kind === 'remove') found = Buffer.concat([head, found.subarray(at + length)])
      if (kind === 'repeat') found = Buffer.concat([found.subarray(0, at + length), found.subarray(at)])
    }
    return new Uint8Array(found)
  })
}
