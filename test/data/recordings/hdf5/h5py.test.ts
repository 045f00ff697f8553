import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeShd } from '../../../../scripts/data/hdf5/write-shd.js'
import { readShd } from '../../../../src/data/files/index.js'
import { InputError } from '../../../../src/events/errors.js'
import { casesOf } from '../../../support/cases-of.js'
import { failureOf } from '../../../support/failure-of.js'
import { describeWithH5py, runWithH5py } from '../../../support/h5py.js'
import { type WrittenByH5py, writeWithH5py } from '../../../support/h5py-files.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

describeWithH5py('files of h5py', () => {
  test('of every layout, index of chunks, filter and type are read', async () => {
    const count = casesOf({ short: 60, long: 200 })
    await using folder = await temporaryFolder()
    const files = writeWithH5py(folder.path, count)
    expect(files.length).toBe(10)
    for (const written of files) await expectRead(written, count)
  })

  async function expectRead({ path, name, ...written }: WrittenByH5py, count: number): Promise<void> {
    const kept = await readShd(path)
    const left = await readShd(path, { memory: 0 })
    expect(left.digest, name).toBe(kept.digest)
    for (const recordings of [kept, left]) {
      expect(recordings.count, name).toBe(count)
      expect([...recordings.labels]).toEqual(written.labels)
      expect(recordings.groups.speaker).toEqual(written.speakers)
      expect(recordings.groups.gender).toEqual(written.speakers.map((speaker) => ['male', 'female'][speaker % 2]))
      expect(recordings.groups.age).toEqual(written.speakers.map((speaker) => 30 + speaker))
      expect(recordings.groups.accent).toEqual(written.speakers.map(() => 'rép'))
      const found = Array.from(recordings.labels, (_, k) => recordings.trial(k))
      expect(
        found.map(({ times, units }) => [[...times], [...units]]),
        name,
      ).toEqual(written.events.map(inOrder))
    }
  }

  /** What is in a file with two recordings beside them. */
  const BESIDE = [
    ['a block of its own before it', `write(userblock_size=1024)`],
    [
      'many groups beside it',
      `file = write()
for k in range(300): file.create_group('more%d' % k)`,
    ],
    [
      'attributes that fill headers',
      `file = write()
for k in range(60): file['labels'].attrs['name%d' % k] = 'x' * 900`,
    ],
    [
      'labels of eight bytes and a scalar beside them',
      `file = write()
file['extra/meta_info/one'] = 3.5`,
    ],
  ] as const
  const REFUSED = [
    ['packed otherwise', `write({'chunks': (1,), 'compression': 'lzf'})`, 'spikes/times', 'filter 32000'],
    [
      'without labels',
      `file = write()
del file['labels']`,
      'labels',
      'nothing',
    ],
    [
      'with a link by a path',
      `file = write()
del file['labels']
file['labels'] = h5py.SoftLink('/x')`,
      'labels',
      'nothing',
    ],
    [
      'with labels in two dimensions',
      `file = write()
del file['labels']
file['labels'] = np.zeros((2, 1))`,
      'labels',
      '2 dimensions',
    ],
    [
      'with labels of a kind that is none',
      `file = write()
del file['labels']
file['labels'] = np.zeros(2, '<c8')`,
      'labels',
      'class 6',
    ],
    [
      'with a group for a dataset',
      `file = write()
del file['labels']
file.create_group('labels')`,
      'labels',
      'no datatype',
    ],
    [
      'with too few labels',
      `file = write()
del file['labels']
file['labels'] = [1]`,
      'labels',
      '1 rows',
    ],
    [
      'with labels that are no integers',
      `file = write()
file['labels'][...] = [1, -1]`,
      'labels[1]',
      '-1',
    ],
    [
      'with rows that were never written',
      `write({'chunks': (1,), 'maxshape': (None,)})['spikes/times'].resize((9,))`,
      'byte',
      'never written',
    ],
    [
      'with links in a heap',
      `file = write(libver='latest')\nfor k in range(30): file['more%d' % k] = k`,
      'link info',
      'stores its links in a heap',
    ],
  ] as const

  /** Writes a file with two recordings by each of the scripts, which may do something to it. */
  const OTHERS = `
import h5py, json, sys, numpy as np
def write(options={}, **how):
    file = h5py.File(path, 'w', **how)
    for name, dtype, rows in [('times', '<f4', [[0.5], [0.25, 0.75]]), ('units', '<u2', [[1], [2, 3]])]:
        made = file.create_dataset('spikes/' + name, (2,), dtype=h5py.vlen_dtype(np.dtype(dtype)), **options)
        for row in range(2): made[row] = np.array(rows[row], dtype=dtype)
    file['labels'] = np.array([1, 0])
    return file
for path, script in json.loads(sys.argv[1]): exec(script)`

  const folder = temporaryFolder()
  const pathOf = async (name: string) => join((await folder).path, `${name}.h5`)
  beforeAll(async () => {
    const scripts = [...BESIDE, ...REFUSED].map(async ([name, script]) => [await pathOf(name), script])
    runWithH5py(OTHERS, [JSON.stringify(await Promise.all(scripts))])
  })
  afterAll(async () => (await folder)[Symbol.asyncDispose]())

  test.each(BESIDE)('is read with %s', async (name) => {
    const recordings = await readShd(await pathOf(name))
    expect([...recordings.labels]).toEqual([1, 0])
    expect(recordings.trial(1)).toEqual({ times: Float64Array.of(250, 750), units: Uint32Array.of(2, 3) })
    expect(recordings.groups).toEqual({ file: [`${name}.h5`, `${name}.h5`] })
  })

  test.each(REFUSED)('is refused %s', async (name, _, field, found) => {
    const path = await pathOf(name)
    const { mistake } = (await failureOf(readShd(path), InputError as never)) as unknown as InputError
    expect(mistake.file).toBe(path)
    expect(mistake.field).toContain(field)
    expect(mistake.found).toContain(found)
    expect(mistake.remedy).not.toBe(undefined)
  })

  test('what is written here is read there, to the last bit of a float of 16', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'ours.h5')
    const times = Array.from({ length: 30_000 }, (_, k) => k * 3.3e-5 + (k % 7) * 1e-8)
    const units = times.map((_, k) => k % 700)
    const recordings = [
      { times, units, label: 3, speaker: 1 },
      { times: [], units: [], label: 0, speaker: 2 },
    ]
    writeFileSync(path, writeShd(recordings, ['a', 'bc', 'd', 'e']))
    const check = `
import h5py, sys, numpy as np
with h5py.File(sys.argv[1]) as file:
    k = np.arange(30000)
    wanted = (k * 3.3e-5 + (k % 7) * 1e-8).astype('f2')
    same = (file['spikes/times'][0] == wanted).all() and (file['spikes/units'][0] == k % 700).all()
    print(same, len(file['spikes/times'][1]), file['labels'][:], file['extra/speaker'][:], file['extra/keys'][:])`
    expect(runWithH5py(check, [path]).trim()).toBe("True 0 [3 0] [1 2] [b'a' b'bc' b'd' b'e']")
  })
})

function inOrder([times, units]: WrittenByH5py['events'][number]) {
  const events = times.map((time, e) => [time, units[e] as number] as const)
  events.sort(([t1, u1], [t2, u2]) => t1 - t2 || u1 - u2)
  return [events.map(([time]) => time), events.map(([, unit]) => unit)]
}
