import { createRandomStream } from '../../../src/numerics/random-stream.js'
import { erbSpaced } from './erb-scale.js'
import { gammatone } from './gammatone.js'
import { hairCell } from './hair-cell.js'

/** What a cochlea is made of. */
export interface CochleaOptions {
  readonly channels: number
  /** Of the lowest and the highest channel, in Hz. */
  readonly range: readonly [low: number, high: number]
  /** Of samples, in Hz. */
  readonly rate: number
  readonly gain: number
  /** In ms, and by which share of it channels differ at most. */
  readonly deadTime: number
  readonly deadTimeSpread: number
  readonly seed: number
}

/** Spikes of all channels, in the order of (time, channel): times in ms. */
export interface CochleaSpikes {
  readonly times: Float64Array
  readonly units: Uint16Array
}

export interface Cochlea {
  /** Of each channel, in Hz. */
  readonly frequencies: Float64Array
  hear(sound: Float64Array): CochleaSpikes
}

export const COCHLEA: CochleaOptions = {
  ...{ channels: 700, range: [60, 8000], rate: 22_050, gain: 44, deadTime: 4, deadTimeSpread: 0.2, seed: 1 },
}

/** A bank of gammatones that are equally far apart on the ERB scale, with a hair cell behind each. */
export function createCochlea(options: CochleaOptions): Cochlea {
  const { channels, range, rate, gain, deadTime, deadTimeSpread, seed } = options
  const frequencies = erbSpaced(channels, ...range)
  const draw = createRandomStream(seed, 'cochlea/deadTime')
  const cells = Array.from({ length: channels }, (_, k) => ({
    gain,
    deadTime: deadTime * (1 + deadTimeSpread * (2 * draw.uniform(k) - 1)),
  }))
  const hear = (sound: Float64Array): CochleaSpikes => {
    const moved = new Float64Array(sound.length)
    const spikes: { readonly time: number; readonly unit: number }[] = []
    for (const [unit, cell] of cells.entries()) {
      gammatone(sound, frequencies[unit] as number, rate, moved)
      hairCell(moved, rate, cell, (time) => spikes.push({ time, unit }))
    }
    spikes.sort((one, other) => one.time - other.time || one.unit - other.unit)
    return {
      times: Float64Array.from(spikes, ({ time }) => time),
      units: Uint16Array.from(spikes, ({ unit }) => unit),
    }
  }
  return { frequencies, hear }
}
