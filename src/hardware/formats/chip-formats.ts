import { InputError } from '../../events/errors.js'
import type { DeviceNoise } from '../../learning/noise/device-noise.js'
import { withRanges } from '../../learning/noise/with-ranges.js'
import type { Network } from '../../network/description/network.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { many } from '../fit/percent.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { requireNoCycleDelays } from './require-no-cycle-delays.js'

/** What of a network a chip holds in a format of its own. */
export type ChipFormatKind = 'weights' | 'delays' | 'thresholds' | 'decays' | 'ticks'

/** One format of a chip. */
export interface AppliedFormat {
  readonly format: ChipFormatKind
  /** In words, such as `weights`. */
  readonly label: string
  /** What it does to a network. */
  readonly noise: Partial<DeviceNoise>
}

/** A format that is not applied. */
export interface MissingFormat {
  readonly format: ChipFormatKind
  /** Such as `unknown`. */
  readonly why: string
}

/** The formats of a chip, for a network. */
export interface NetworkFormats {
  /** Options of a device: the same for every seed, for nothing of it is chance. */
  readonly noise: Partial<DeviceNoise>
  /** What of it is applied, in words. */
  readonly applied: readonly string[]
  readonly notApplied: readonly MissingFormat[]
  /** Each one by itself. */
  readonly formats: readonly AppliedFormat[]
}

/**
 * What the formats of a chip do to a network, as a device that one may train and measure on: `noise` of `Session` and `train`.
 *
 *     weights      weightLevels, or where that is unknown weightBits, over the range of each projection's description
 *     delays       multiples of a tick from delayMinTicks, or 1, to delayMaxTicks, or without end; of a chip without delays 0
 *     thresholds   thresholdBits
 *     ticks        of a stepped chip: spikes leave at ticks
 *
 * Ranges are those of the network as it is described: take the formats before it learns, and keep them. What a profile does
 * not know is not applied, and named; of more than 32 bits 32 are applied; delays are in ms, weights and thresholds in the
 * units of the network.
 *
 * Raises `InputError` as `defineChipProfile` does; FORMAT_LEVELS for a chip without different weights, CHIP_DELAYS for a chip
 * without delays if the network has some on a cycle.
 *
 * @example
 * const { noise, applied } = chipFormats(network, chipProfile('loihi'))   // applied: ['weights', 'delays', 'ticks']
 * const { accuracy } = await evaluateSplit(session, task.test, { ...task, noise: { seed: 0, ...noise } })
 */
export function chipFormats(network: Network, profile: ChipProfile): NetworkFormats {
  readNetwork(network)
  const chip = defineChipProfile(profile)
  const found = [weightsOf(chip), delaysOf(chip, network), thresholdsOf(chip), decaysOf(chip), ticksOf(chip)]
  const formats = found.flatMap((each) => (each !== null && 'noise' in each ? [each] : []))
  const notApplied = found.flatMap((each) => (each !== null && 'why' in each ? [each] : []))
  const noise: Partial<DeviceNoise> = Object.assign({}, ...formats.map((each) => each.noise))
  return { noise: withRanges(network, noise), applied: formats.map(({ label }) => label), notApplied, formats }
}

/** Null: the chip has no such thing. */
type FoundFormat = AppliedFormat | MissingFormat | null

function unknown(format: ChipFormatKind): MissingFormat {
  return { format, why: 'unknown' }
}

/** More bits than a weight of a device has. */
const MOST_BITS = 32

function weightsOf({ name, formats, core }: ChipProfile): FoundFormat {
  const [bits, levels] = [figureValue(formats.weightBits), figureValue(formats.weightLevels)]
  if (bits === null && levels === null) return unknown('weights')
  const count = levels ?? 2 ** Math.min(MOST_BITS, bits as number)
  if (count < 3)
    throw new InputError({
      code: 'FORMAT_LEVELS',
      field: levels === null ? 'formats.weightBits' : 'formats.weightLevels',
      found: `${levels === null ? `weights of ${bits} bit` : `${levels} different weights`} of ${name}, which are all 0`,
      expected: 'at least 2 bits, or 3 levels: from one sign over 0 to the other',
      remedy: 'Choose another chip, or change its profile.',
    })
  const types = core.synapses?.kind === 'crossbar' ? figureValue(core.synapses.axonTypes) : null
  const all = types === null ? 'weights' : `${bits}-bit weights, not the ${inWords(types)} per neuron`
  const noise =
    levels === null
      ? { weightBits: Math.min(MOST_BITS, bits as number) }
      : { weightLevels: Math.min(2 ** MOST_BITS, levels) }
  return { format: 'weights', label: `${all}${cutTo(levels === null ? bits : Math.log2(levels))}`, noise }
}

/** What is said where a format has more than a device. */
function cutTo(bits: number | null): string {
  return bits === null || bits <= MOST_BITS ? '' : ` (${MOST_BITS} bits of ${Math.ceil(bits)})`
}

function inWords(count: number): string {
  return ['no', 'one', 'two', 'three', 'four'][count] ?? String(count)
}

function delaysOf(chip: ChipProfile, network: Network): FoundFormat {
  const { formats, time } = chip
  const [least, most, tick] = [formats.delayMinTicks, formats.delayMaxTicks, time.tick].map(figureValue)
  if (most === 0) {
    requireNoCycleDelays(network, chip.name)
    return { format: 'delays', label: 'delays', noise: { delayMax: 0 } }
  }
  const isEndless = most === null || most === undefined
  if (isEndless && (least === null || least === undefined)) return unknown('delays')
  if (tick === null || tick === undefined)
    return {
      format: 'delays',
      why: `from ${least ?? 0}${isEndless ? '' : ` to ${most}`} ticks, which have no length where time is continuous`,
    }
  const noise = { delayStep: tick, delayMin: tick * (least ?? 1) }
  if (isEndless) return { format: 'delays', label: 'delays (the longest one is unknown)', noise }
  return { format: 'delays', label: 'delays', noise: { ...noise, delayMax: tick * most } }
}

function thresholdsOf({ formats }: ChipProfile): FoundFormat {
  const bits = figureValue(formats.thresholdBits)
  if (bits === null) return unknown('thresholds')
  if (bits < 2) return { format: 'thresholds', why: '1 bit leaves every threshold at 0' }
  return {
    format: 'thresholds',
    label: `thresholds${cutTo(bits)}`,
    noise: { thresholdBits: Math.min(MOST_BITS, bits) },
  }
}

/** Time constants stay what they are. */
function decaysOf({ formats }: ChipProfile): FoundFormat {
  const bits = figureValue(formats.decayBits)
  return bits === null ? null : { format: 'decays', why: `${many(bits, 'bit')}; time constants stay as they are` }
}

function ticksOf({ time }: ChipProfile): FoundFormat {
  const tick = figureValue(time.tick)
  return time.mode === 'stepped' && tick !== null ? { format: 'ticks', label: 'ticks', noise: { tick } } : null
}
