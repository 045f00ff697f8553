import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SIDE } from '../../../scripts/data/camera/event-camera.js'
import { COCHLEA, createCochlea } from '../../../scripts/data/cochlea/cochlea.js'
import { FIRST, hashOfFirst, KNOWN, KNOWN_VERSION } from '../../../scripts/data/speech/first-recordings.js'
import { drawSpeakers } from '../../../scripts/data/speech/speakers.js'
import { hearUtterance, utterancesOf, WORDS } from '../../../scripts/data/speech/utterances.js'
import { readNmnist, readShd } from '../../../src/data/files/index.js'
import { describeWithEspeak, ESPEAK_VERSION } from '../../support/espeak.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

test('what the camera sees is written where readNmnist reads it', async () => {
  await using folder = await temporaryFolder()
  const script = ['--import', 'tsx', 'scripts/data/camera-digits.ts', folder.path, '--recordings', '12,6']
  const { status, stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(/^([0-9a-f]{64}) {2}Train$/m.exec(stdout)?.[1]).toBe(
    '7e0e605ad03d236c03cbb8f82e3205e1dfd53aa1e6bb639220b7a449c23c6250',
  )
  const recordings = await readNmnist(folder.path)
  expect({ count: recordings.count, shape: recordings.shape }).toEqual({ count: 18, shape: [2, SIDE, SIDE] })
  expect(recordings.groups.split?.filter((split) => split === 'Test').length).toBe(6)
  const counts = Array.from({ length: 18 }, (_, k) => recordings.trial(k).times.length)
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  expect(mean).toBeGreaterThan(3500)
  expect(mean).toBeLessThan(5300)
})

describeWithEspeak('speech', () => {
  const cochlea = createCochlea(COCHLEA)

  test('is heard as it always was', () => {
    const speakers = drawSpeakers(1)
    for (const [name, speaker] of [
      ['spoken-digits-train.h5', 0],
      ['spoken-digits-test.h5', 24],
    ] as const) {
      const said = utterancesOf(speakers.slice(speaker, speaker + 1), FIRST, 1)
      const heard = said.map((utterance) => hearUtterance(cochlea, utterance, 1))
      for (const { times } of heard) {
        expect(times.length).toBeGreaterThan(1000)
        expect(times.length).toBeLessThan(12_000)
      }
      if (ESPEAK_VERSION === KNOWN_VERSION) expect(hashOfFirst(heard)).toBe(KNOWN[name])
    }
  })

  test('is written where readShd reads it', async () => {
    await using folder = await temporaryFolder()
    const script = [
      '--import',
      'tsx',
      'scripts/data/spoken-digits.ts',
      folder.path,
      '--repetitions',
      '0,0,1',
      '--words',
      '2',
    ]
    const { status, stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^spoken-digits-test\.h5: 16 recordings, \d+ spikes each$/m)
    const recordings = await readShd(join(folder.path, 'spoken-digits-test.h5'))
    expect([...recordings.labels]).toEqual(Array.from({ length: 16 }, (_, k) => k % 2))
    expect(recordings.groups.speaker).toEqual(Array.from({ length: 16 }, (_, k) => 24 + Math.floor(k / 2)))
    expect(recordings.classes).toBe(WORDS.length)
    const { times } = recordings.trial(3)
    expect(times.at(-1)).toBeLessThanOrEqual(1000)
  })
})
