import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeShd } from '../../../../scripts/data/hdf5/write-shd.js'
import { readShd } from '../../../../src/data/files/index.js'
import { describeWithH5py, runWithH5py } from '../../../support/h5py.js'
import { H5PY_FORMS, type WrittenByH5py, writeWithH5py } from '../../../support/h5py-files.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

describeWithH5py('files of h5py', () => {
  test.each(H5PY_FORMS)('$name', async (form) => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'written.h5')
    const written = writeWithH5py(path, form, 200)
    const kept = await readShd(path)
    const left = await readShd(path, { memory: 0 })
    expect(left.digest).toBe(kept.digest)
    for (const recordings of [kept, left]) {
      expect(recordings.count).toBe(200)
      expect([...recordings.labels]).toEqual(written.labels)
      expect(recordings.groups.speaker).toEqual(written.speakers)
      expect(recordings.groups.gender).toEqual(written.speakers.map((speaker) => ['male', 'female'][speaker % 2]))
      expect(recordings.groups.age).toEqual(written.speakers.map((speaker) => 30 + speaker))
      expect(recordings.groups.accent).toEqual(written.speakers.map(() => 'rép'))
      const found = Array.from(recordings.labels, (_, k) => recordings.trial(k))
      expect(found.map(({ times, units }) => [[...times], [...units]])).toEqual(written.events.map(inOrder))
    }
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
