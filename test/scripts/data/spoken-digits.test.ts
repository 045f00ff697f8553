import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COCHLEA, createCochlea } from '../../../scripts/data/cochlea/cochlea.js'
import { SPEECH_RATE, speak } from '../../../scripts/data/speech/espeak.js'
import { FIRST, hashOfFirst, KNOWN, KNOWN_VERSION } from '../../../scripts/data/speech/first-recordings.js'
import { soundIn } from '../../../scripts/data/speech/room.js'
import { drawSpeakers } from '../../../scripts/data/speech/speakers.js'
import { hearUtterance, utterancesOf, WORDS } from '../../../scripts/data/speech/utterances.js'
import { readShd } from '../../../src/data/files/index.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'
import { describeWithEspeak, ESPEAK_VERSION } from '../../support/espeak.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const ROOM = { rate: SPEECH_RATE, duration: 1000, tilt: 0.2, lead: 50, signalToNoise: 10, loudness: 0 }
const rms = (x: Float64Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)

test('32 speakers, all different, each with every word', () => {
  const speakers = drawSpeakers(1)
  expect(speakers.length).toBe(32)
  expect(new Set(speakers.map(({ variant }) => variant)).size).toBe(32)
  expect(new Set(speakers.map(({ accent }) => accent)).size).toBe(4)
  for (const { pitch, speed } of speakers) {
    expect(pitch >= 30 && pitch < 70).toBe(true)
    expect(speed >= 140 && speed < 190).toBe(true)
  }
  const all = utterancesOf(speakers, 4)
  expect(all.length).toBe(32 * 20 * 4)
  expect(new Set(all.map(({ speaker, label, repetition }) => `${speaker.number} ${label} ${repetition}`)).size).toBe(
    2560,
  )
})

test('a sound in a room is of its length and loudness, behind its lead, with noise all the time', () => {
  const speech = Float64Array.from({ length: SPEECH_RATE / 2 }, (_, k) => Math.sin(k / 10) * (k < 1000 ? 0 : 0.3))
  const sound = soundIn(ROOM, speech, createRandomStream(1, 'room'), 0)
  expect(sound.length).toBe(SPEECH_RATE)
  const lead = rms(sound.subarray(0, (ROOM.lead * SPEECH_RATE) / 1000 - 1))
  const spoken = rms(sound.subarray(2000, 8000))
  expect(spoken).toBeGreaterThan(0.04)
  expect(spoken).toBeLessThan(0.06)
  expect(20 * Math.log10(0.05 / lead)).toBeGreaterThan(9)
  expect(20 * Math.log10(0.05 / lead)).toBeLessThan(11)
  expect(soundIn(ROOM, speech, createRandomStream(1, 'room'), 0)).toEqual(sound)
})

describeWithEspeak('speech', () => {
  const cochlea = createCochlea(COCHLEA)

  test('is the same every time', () => {
    const said = { text: 'three', voice: 'en-gb+adam', pitch: 50, speed: 160 }
    const sound = speak(said)
    expect(sound.length).toBeGreaterThan(SPEECH_RATE / 5)
    expect(speak(said)).toEqual(sound)
  })

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
