import { expect, test } from 'vitest'
import { SPEECH_RATE, speak } from '../../../scripts/data/speech/espeak.js'
import { soundIn } from '../../../scripts/data/speech/room.js'
import { drawSpeakers } from '../../../scripts/data/speech/speakers.js'
import { utterancesOf } from '../../../scripts/data/speech/utterances.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'
import { describeWithEspeak } from '../../support/espeak.js'

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
  test('is the same every time', () => {
    const said = { text: 'three', voice: 'en-gb+adam', pitch: 50, speed: 160 }
    const sound = speak(said)
    expect(sound.length).toBeGreaterThan(SPEECH_RATE / 5)
    expect(speak(said)).toEqual(sound)
  })
})
