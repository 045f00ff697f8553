import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNpz, readNpz } from '../../../../src/data/files/npz/read-npz.js'
import { casesOf } from '../../../support/cases-of.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { damaged, npyBytes, npzOf, tableCase, zipBytes } from '../event-tables.js'
import { expectCase, readOrRefused } from '../expect-recordings.js'

const numbers = (...values: number[]) => npyBytes('<f8', [values.length], values)
/** Two recordings of three units, with changes. */
const archive = (changes: Readonly<Record<string, Uint8Array | null>> = {}) => {
  const arrays = {
    ...{ time_ms: numbers(1, 2, 3), unit: numbers(0, 1, 2), sample: numbers(0, 1, 1), label: numbers(0, 1) },
    ...changes,
  }
  const present = Object.entries<Uint8Array | null>(arrays).filter(
    (entry): entry is [string, Uint8Array] => entry[1] !== null,
  )
  return zipBytes(Object.fromEntries(present.map(([name, bytes]) => [`${name}.npy`, bytes])), 0)
}
const refusalOf = (bytes: Uint8Array, options = {}) =>
  parseNpz(bytes, 'a.npz', options).then(String, (e: Error) => e.message)

describe('readNpz', () => {
  it('reads what was written, stored or deflated, in any order of events', () =>
    fc.assert(
      fc.asyncProperty(tableCase, fc.constantFrom(0 as const, 8 as const), async (table, method) => {
        const found = await parseNpz(npzOf(table, method), 'a.npz')
        expectCase(found, table)
        expect(found.shape).toEqual([10])
        expect(found.files).toEqual(['a.npz'])
      }),
    ))

  it('reads a file of NumPy: half floats, pixels, truths, offsets, names', async () => {
    const file = fileURLToPath(new URL('of-numpy.npz', import.meta.url))
    const found = await readNpz(file)
    expect(found).toMatchObject({ count: 3, classes: 2, classNames: ['no', 'yes'], shape: [2, 2, 3], files: [file] })
    expect(found.labels).toEqual(Uint8Array.of(1, 0, 1))
    expect(found.groups).toEqual({ user: ['u1', 'u2', 'u1'] })
    // (polarity, y, x): (0, 1, 0) and (1, 0, 1), none, (1, 1, 2).
    expect(found.trial(0)).toEqual({ times: Float64Array.of(125, 250), units: Uint32Array.of(3, 7) })
    expect(found.trial(1).times).toHaveLength(0)
    expect(found.trial(2)).toEqual({ times: Float64Array.of(62.5), units: Uint32Array.of(11) })
  })

  it('reads all types of numbers, of either byte order', async () => {
    const types = ['|i1', '<i2', '>i2', '<u2', '>u2', '<i4', '>i4', '<i8', '>i8', '<f4', '>f4', '<f8', '>f8']
    for (const type of types) {
      const found = await parseNpz(archive({ unit: npyBytes(type, [3], [0, 2, 1]) }), 'a.npz')
      expect(Array.from(found.trial(1).units), type).toEqual([2, 1])
    }
  })

  it('takes units of time from names or the option, and polarities of -1 and 1', async () => {
    const timeOf = async (name: string, timeUnit?: 's' | 'ms' | 'us') =>
      (await parseNpz(archive({ time_ms: null, [name]: numbers(1, 2, 3) }), 'a', timeUnit && { timeUnit })).trial(0)
        .times[0]
    expect(await Promise.all(['times_s', 'time_ms', 't', 'time_us'].map((name) => timeOf(name)))).toEqual([
      1000, 1, 1e-3, 1e-3,
    ])
    expect(await timeOf('times', 's')).toBe(1000)
    expect(await timeOf('t', 'ms')).toBe(1)
    const pixels = { unit: null, x: numbers(0, 1, 0), y: numbers(0, 0, 0), p: numbers(-1, 1, -1) }
    const found = await parseNpz(archive(pixels), 'a')
    expect([found.shape, ...[0, 1].map((k) => Array.from(found.trial(k).units))]).toEqual([[2, 1, 2], [0], [3, 0]])
  })

  it('names file, place, found and expected, and what to do', async () => {
    const told: readonly (readonly [Uint8Array, string, object?])[] = [
      [
        archive({ time_ms: numbers(1, -2, 3) }),
        'a.npz: time_ms[1]: found -2, expected a time from 0, the start of its recording. Count times',
      ],
      [archive({ time_ms: numbers(1, Number.NaN, 3) }), 'a.npz: time_ms[1]: found NaN'],
      [archive({ unit: numbers(0, 1.5, 2) }), 'a.npz: unit[1]: found 1.5, expected an integer from 0'],
      [archive(), 'a.npz: unit[2]: found 2, expected an integer from 0 to 1. Give the option shape', { shape: [2] }],
      [
        archive({ sample: numbers(0, 2, 1) }),
        'a.npz: sample[1]: found 2, expected a recording from 0 to 1, as there are 2 labels',
      ],
      [
        archive({ sample: null, offsets: numbers(0, 4, 3) }),
        'a.npz: offsets[1]: found 4, expected ascending integers from 0 to 3',
      ],
      [
        archive({ sample: null, offsets: numbers(0, 3) }),
        'a.npz: offsets: found shape (2), expected (3,), one per recording, and the end',
      ],
      [archive({ sample: null }), 'a.npz: npz: found only "time_ms", "unit", "label", expected sample'],
      [
        archive({ label: numbers(0, 2) }),
        'a.npz: label: found no recording of class 1, expected one of every class from 0 to 2',
      ],
      [
        archive({ label: numbers(0, -1) }),
        'a.npz: label[1]: found -1, expected an integer from 0 to 65535. Number the classes',
      ],
      [archive({ label: null }), 'expected labels, one per recording'],
      [archive({ labels: numbers(0, 1) }), 'found label and labels, expected one column of labels'],
      [archive({ label: numbers() }), 'a.npz: label: found no recordings, expected at least one'],
      [archive({ unit: null }), 'expected unit, or x and y'],
      [archive({ unit: numbers(0, 1) }), 'a.npz: unit: found shape (2), expected (3,), one per time'],
      [archive({ unit: npyBytes('<U8', [3], ['a', 'b', 'c']) }), 'a.npz: unit: found texts, expected numbers'],
      [archive({ speaker: numbers(1, 2, 3) }), 'a.npz: speaker: found shape (3), expected (2,), one per recording'],
      [archive({ unit: npyBytes('<i4', [3, 1], [0, 1, 2]) }), 'a.npz: unit: found shape (3, 1)'],
      [
        archive({ time_ms: null, times: numbers(1, 2, 3) }),
        "found times that do not say their unit, expected one that does, such as time_ms or time_s. Rename it, or give the option timeUnit: 's', 'ms' or 'us'.",
      ],
      [
        archive({ shape: numbers(2, 3) }),
        'a.npz: shape: found 2 numbers, expected [channels], or [polarities, height, width]',
      ],
      [archive({ unit: npyBytes('|O8', [3], [0, 1, 2]) }), 'a.npz: unit: found objects, which only Python can read'],
      [
        archive({ unit: npyBytes('<c8', [3], [0, 1, 2]) }),
        "a.npz: unit: found type '<c8', expected numbers, truths or texts",
      ],
      [
        archive({ unit: npyBytes('<i4', [4], [0, 1, 2]) }),
        'a.npz: unit: found 12 bytes of values, expected 16, for (4)',
      ],
      [archive({ unit: Uint8Array.of(1, 2) }), 'a.npz: unit: found another magic number'],
      [
        archive().subarray(0, 300),
        'a.npz: zip: found no list of its entries, expected one at its end. The file is incomplete or damaged',
      ],
      [new Uint8Array(0), 'a.npz: magic number: found 0 bytes that are no zip archive'],
      [Buffer.from('sample,time_ms'), 'found 14 bytes that are no zip archive, expected a zip archive of .npy files'],
    ]
    for (const [bytes, words, options] of told) {
      expect(await refusalOf(bytes, options)).toContain(words)
      expect(await readOrRefused('a.npz', parseNpz(bytes, 'a.npz', options))).toBeNull()
    }
  })

  it('accepts classes without a recording where it is told how many there are', async () => {
    const found = await parseNpz(archive({ label: numbers(0, 2) }), 'a.npz', { classes: 4 })
    expect([found.classes, ...found.labels]).toEqual([4, 0, 2])
  })

  it('refuses what is no array', async () => {
    expect(await refusalOf(zipBytes({ 'a.txt': Buffer.from('a') }, 0))).toContain(
      'found an entry "a.txt", expected arrays',
    )
  })

  it('unpacks no more than an entry says', async () => {
    const zeros = zipBytes({ 'label.npy': npyBytes('|i1', [4_000_000], new Float64Array(4_000_000)) }, 8)
    const list = zeros.lastIndexOf('PK\x01\x02')
    const lying = (size: number) => {
      const bytes = Buffer.from(zeros)
      bytes.writeUInt32LE(size, list + 24)
      return bytes
    }
    expect(await refusalOf(lying(4000))).toMatch(
      /^a.npz: zip entry "label.npy": found .*, expected 4000 deflated bytes/,
    )
    expect(await refusalOf(lying(0xfffffffe))).toContain('expected what these can hold')
  })

  it('reads files that are there and names those that are not', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'a.npz')
    await expect(readNpz(path)).rejects.toMatchObject({ code: 'DATA_FILE_MISSING', mistake: { file: path } })
    await writeFile(path, archive())
    expect((await readNpz(path)).count).toBe(2)
    const nothing = join(folder.path, 'nothing')
    await mkdir(nothing)
    await expect(readNpz(nothing)).rejects.toMatchObject({ code: 'DATA_FILE_MISSING' })
  })

  it('refuses damaged files by name, or reads them rightly', () =>
    fc.assert(
      fc.asyncProperty(
        tableCase.chain((table) => {
          const bytes = npzOf(table)
          return fc.record({ bytes: fc.constant(bytes), hurt: damaged(bytes) })
        }),
        async ({ bytes, hurt }) => {
          const found = await readOrRefused('a.npz', parseNpz(hurt, 'a.npz'))
          if (found !== null) expect(found.digest).toBe((await parseNpz(bytes, 'a.npz')).digest)
        },
      ),
      { numRuns: casesOf({ short: 600, long: 30_000 }) },
    ))

  it('refuses arrays by name whose bytes are damaged though their checksums are right, or reads what they say', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('time_ms', 'unit', 'sample', 'label').chain((name) => {
          const bytes = name === 'label' ? npyBytes('<i8', [2], [0, 1]) : npyBytes('<i2', [3], [0, 1, 1])
          return fc.record({ name: fc.constant(name), hurt: damaged(bytes) })
        }),
        async ({ name, hurt }) => {
          await readOrRefused('a.npz', parseNpz(archive({ [name]: hurt }), 'a.npz'))
        },
      ),
      { numRuns: casesOf({ short: 500, long: 30_000 }) },
    ))
})
