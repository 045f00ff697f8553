import { createRandomStream } from '../../../src/numerics/random-stream.js'
import type { Cochlea } from '../cochlea/cochlea.js'
import type { WrittenRecording } from '../hdf5/write-shd.js'
import { SPEECH_RATE, speak } from './espeak.js'
import { soundIn } from './room.js'
import type { Speaker } from './speakers.js'

/** The classes: digits in English and German. */
export const WORDS = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  ...['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
] as const
const ENGLISH_WORDS = 10

/** One thing that is said once. */
export interface Utterance {
  readonly speaker: Speaker
  /** Of `WORDS`. */
  readonly label: number
  readonly repetition: number
}

/** From here on numbers of a stream are for noise. */
const NOISE = 16
const DURATION = 1000

/** All that speakers say, so many times each: the first so many of the words, by default all. */
export function utterancesOf(
  speakers: readonly Speaker[],
  repetitions: number,
  words: number = WORDS.length,
): readonly Utterance[] {
  return speakers.flatMap((speaker) =>
    WORDS.slice(0, words).flatMap((_, label) =>
      Array.from({ length: repetitions }, (_, repetition) => ({ speaker, label, repetition })),
    ),
  )
}

/** What a cochlea makes of an utterance: a pure function of seed and utterance, and of the version of espeak-ng. */
export function hearUtterance(cochlea: Cochlea, utterance: Utterance, seed: number): WrittenRecording {
  const { speaker, label, repetition } = utterance
  const draw = createRandomStream(seed, `spokenDigits/speaker${speaker.number}/word${label}/${repetition}`)
  const between = (index: number, low: number, high: number) => low + (high - low) * draw.uniform(index)
  const speech = speak({
    text: WORDS[label] as string,
    voice: `${label < ENGLISH_WORDS ? speaker.accent : 'de'}+${speaker.variant}`,
    pitch: speaker.pitch + between(0, -12, 12),
    speed: speaker.speed * between(1, 0.82, 1.25),
  })
  const room = {
    rate: SPEECH_RATE,
    duration: DURATION,
    tilt: between(2, -0.3, 0.3),
    lead: between(3, 10, 100),
    signalToNoise: between(4, 3, 18),
    loudness: between(5, -2.5, 2.5),
  }
  const { times, units } = cochlea.hear(soundIn(room, speech, draw, NOISE))
  return { times: times.map((ms) => ms / 1000), units, label, speaker: speaker.number }
}
