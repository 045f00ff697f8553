import { exp } from '../../../src/numerics/exp.js'
import type { RandomStream } from '../../../src/numerics/random-stream.js'

/** How something that was said reaches a microphone. */
export interface Room {
  /** Of samples, in Hz. */
  readonly rate: number
  /** In ms. */
  readonly duration: number
  /** y_k = x_k + tilt x_{k-1}. */
  readonly tilt: number
  /** Silence before it, in ms. */
  readonly lead: number
  /** In dB. */
  readonly signalToNoise: number
  /** In dB, above that of an RMS of 0.05. */
  readonly loudness: number
}

const RMS = 0.05
/** Of the highest sample: what is below at the beginning and the end is silence. */
const SILENCE = 0.02
/**
 * Of the sample before: speech falls by some 6 dB an octave, which outer and middle ear make up for below 4 kHz; without it
 * s and f would have no spikes.
 */
const EMPHASIS = 0.9
const NOISE_MEMORY = 0.95
const LN_10_OVER_20 = 0.11512925464970229

/** The sound in a room: emphasised, tilted, put behind a lead, cut, brought to a loudness, with high-passed noise all the time. */
export function soundIn(room: Room, speech: Float64Array, noise: RandomStream, first: number): Float64Array {
  const { rate, duration, lead, signalToNoise, loudness } = room
  const sound = new Float64Array(Math.round((duration * rate) / 1000))
  const spoken = filtered(filtered(withoutSilence(speech), -EMPHASIS), room.tilt)
  const level = (RMS * decibels(loudness)) / rootMeanSquare(spoken)
  const start = Math.round((lead * rate) / 1000)
  for (let k = 0; start + k < sound.length && k < spoken.length; k++) sound[start + k] = level * (spoken[k] as number)
  const hiss = filtered(
    Float64Array.from(sound, (_, k) => noise.normal(first + k)),
    -NOISE_MEMORY,
  )
  const share = (RMS * decibels(loudness - signalToNoise)) / rootMeanSquare(hiss)
  for (let k = 0; k < sound.length; k++) sound[k] = (sound[k] as number) + share * (hiss[k] as number)
  return sound
}

function withoutSilence(speech: Float64Array): Float64Array {
  const least = SILENCE * speech.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const isLoud = (x: number) => Math.abs(x) > least
  return speech.slice(speech.findIndex(isLoud), speech.findLastIndex(isLoud) + 1)
}

/** y_k = x_k + share x_{k-1}: below 0 it lets high frequencies through, above 0 low ones. */
function filtered(x: Float64Array, share: number): Float64Array {
  return x.map((value, k) => value + (k === 0 ? 0 : share * (x[k - 1] as number)))
}

function rootMeanSquare(x: Float64Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)
}

function decibels(value: number): number {
  return exp(LN_10_OVER_20 * value)
}
