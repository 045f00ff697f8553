import type { Network, Projection } from '../../../../network/description/network.js'
import { exponentOf, powerOfTwo } from '../../../../numerics/double-exponent.js'
import { exp } from '../../../../numerics/exp.js'
import { nameHash } from '../../../../numerics/name-hash.js'
import {
  BLOCKS_PER_INTERVAL,
  countDistribution,
  intervalLength,
  wordMask,
} from '../../../emission/poisson-intervals.js'
import { type MemoryViews, writeFields } from '../../wasm/fields.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { FINE_STEPS, POISSON_INPUT } from '../../wasm/schema/window-records.js'
import type { WindowHeaderFields } from '../window-header.js'

const WORD_RANGE = 2 ** 32

/** A source that emits by a Poisson process of its own to every neuron, one to one: its spikes are drawn in the kernel. */
export interface PoissonInput {
  readonly source: string
  /** In Hz, the same for all units. */
  readonly rate: number
  readonly start: number
  readonly stop: number
  /** In ms, a whole number of bins. */
  readonly delay: number
}

/** What a kernel keeps of a Poisson input, whatever the trial; addresses in bytes. */
interface SharedPlaces {
  readonly table: number
  readonly weights: number
  readonly counts: number
  readonly guide: number
  readonly intervalBins: number
  readonly delayBins: number
  readonly room: number
}

export interface PoissonInputLayout {
  readonly poissonInput: PoissonInput
  /** Length of a counting interval in ms. */
  readonly length: number
  readonly shared: SharedPlaces
}

/** Where the units of a Poisson input lie in one trial. */
export interface PoissonInputPlaces {
  readonly hashes: number
  readonly drawn: number
  readonly words: number
  /** How many they are. */
  readonly units: number
}

/** Bins of a counting interval of a Poisson input. */
export function intervalBinsOf({ rate }: PoissonInput, bin: number): number {
  return intervalLength(rate) / bin
}

/** @param weights of the neurons held */
export function layOutPoissonInput(
  memory: KernelMemory,
  poissonInput: PoissonInput,
  grid: WindowHeaderFields,
  weights: Float64Array,
): PoissonInputLayout {
  const { bin } = grid as Required<WindowHeaderFields>
  const length = intervalLength(poissonInput.rate)
  const distribution = countDistribution((poissonInput.rate * length) / 1000)
  const guide = new Uint32Array(FINE_STEPS / 4)
  const bytes = new Uint8Array(guide.buffer)
  for (let k = 0; k < FINE_STEPS; k++) bytes[k] = distribution.findIndex((sum) => sum > k / FINE_STEPS)
  const shared = {
    table: memory.copy(growthTable(grid)),
    weights: memory.copy(weights),
    counts: memory.copy(distribution),
    guide: memory.copy(guide),
    intervalBins: length / bin,
    delayBins: poissonInput.delay / bin,
    // Four blocks are written at once.
    room: 4 * (distribution.length + 16),
  }
  return { poissonInput, length, shared }
}

/** What an arrival adds in the middle of every fine step of a bin at a weight of 1. */
function growthTable(grid: WindowHeaderFields): Float64Array {
  const { bin, perTauSyn, perTauMem, scaleOfCurrent, scaleOfVoltage } = grid as Required<WindowHeaderFields>
  const table = new Float64Array(2 * FINE_STEPS)
  for (let k = 0; k < FINE_STEPS; k++) {
    const fromMiddle = ((k + 0.5) / FINE_STEPS - 0.5) * bin
    table[2 * k] = scaleOfCurrent * exp(fromMiddle * perTauSyn)
    table[2 * k + 1] = scaleOfVoltage * exp(fromMiddle * perTauMem)
  }
  return table
}

/** Takes the memory for a Poisson input's units in one trial, as many as the neurons held. */
export function placePoissonInput(
  memory: KernelMemory,
  { shared }: PoissonInputLayout,
  units: number,
): PoissonInputPlaces {
  return {
    hashes: memory.take(8 * units),
    drawn: memory.takeZeros(4 * units),
    words: memory.take(shared.room * units),
    units,
  }
}

/**
 * Writes from which streams a Poisson input's units draw in a trial.
 *
 * @param firstUnit the first neuron held
 */
export function writeStreams(
  { u32 }: KernelMemory,
  { poissonInput }: PoissonInputLayout,
  { hashes, units }: PoissonInputPlaces,
  { firstUnit, trial }: { readonly firstUnit: number; readonly trial: number },
): void {
  for (let n = 0; n < units; n++) {
    const { low, high } = nameHash(`${poissonInput.source}/spikes/${trial}/${firstUnit + n}`)
    u32.set([low, high], hashes / 4 + 2 * n)
  }
}

/** Writes what does not change during a trial. */
export function writePoissonInput(
  memory: MemoryViews,
  at: number,
  { length, shared }: PoissonInputLayout,
  { hashes, drawn, words }: PoissonInputPlaces,
  grid: WindowHeaderFields,
): void {
  const { perTauSyn, perTauMem } = grid as Required<WindowHeaderFields>
  const step = length / WORD_RANGE
  const binShift = 32 - exponentOf(shared.intervalBins)
  const fineShift = binShift - exponentOf(FINE_STEPS)
  writeFields(memory, POISSON_INPUT, at, {
    ...{ stepOverTauSyn: step * perTauSyn, stepOverTauMem: step * perTauMem, half: powerOfTwo(fineShift - 1) },
    ...{ table: shared.table, weights: shared.weights, counts: shared.counts, guide: shared.guide },
    ...{ hashes, drawn, words, room: shared.room },
    ...{ binShift, fineShift, intervalBins: shared.intervalBins, delay: shared.delayBins },
  })
}

/** Writes what changes from interval to interval. */
export function writeInterval(
  memory: MemoryViews,
  at: number,
  { poissonInput, length }: PoissonInputLayout,
  interval: number,
): void {
  const mask = wordMask(interval, length)
  const wordAt = (time: number) => Math.ceil((time - interval * length) * (WORD_RANGE / length))
  const first = Math.min(Math.max(wordAt(poissonInput.start), 0), WORD_RANGE)
  const last = Math.min(Math.max(wordAt(poissonInput.stop) - 1, -1), WORD_RANGE - 1)
  // An empty range is written as one that no word is in.
  const range = first <= last ? { first, last } : { first: 1, last: 0 }
  writeFields(memory, POISSON_INPUT, at, { mask, ...range, index: interval * BLOCKS_PER_INTERVAL })
}

/** A counting interval of a Poisson input is at most this many bins: as many sums are kept per neuron. */
const MOST_BINS = 16

/**
 * What a projection is to the window kernel if it can draw its spikes itself, so that none has to be sent: one to one from
 * a Poisson source at one rate, after no delay or a whole number of bins, at whatever weights; else null.
 */
export function poissonInputOf({ groups }: Network, projection: Projection, bin: number): PoissonInput | null {
  const { source, target, connectivity, delays, through } = projection
  // Operators stand before a kernel.
  if (through !== undefined) return null
  const from = groups.find(({ name }) => name === source)
  if (from?.kind !== 'source' || from.emission?.process !== 'poisson') return null
  const { rate, start, stop = Infinity } = from.emission
  const size = groups.find(({ name }) => name === target)?.size
  if (size !== from.size || !isOneToOne(connectivity, size) || typeof rate !== 'number' || !(rate > 0)) return null
  const delay = delays.kind === 'none' ? 0 : delays.kind === 'scalar' ? delays.value : Number.NaN
  const poissonInput = { source, rate, start, stop, delay }
  return fitsBins(poissonInput, bin) ? poissonInput : null
}

/** By rule, or as the list that such a rule becomes once its numbers were learned. */
function isOneToOne(connectivity: Projection['connectivity'], size: number): boolean {
  if (connectivity.kind === 'rule') return connectivity.rule.rule === 'oneToOne'
  if (connectivity.kind === 'dense' || connectivity.sources.length !== size) return false
  return connectivity.sources.every((unit, n) => unit === n && connectivity.targets[n] === n)
}

/**
 * Whether the spikes of a Poisson input can be drawn into the sums of bins, interval by interval. All slices of a group
 * agree: they share the delay and the time constants that bins follow from.
 */
export function fitsBins({ rate, delay }: Pick<PoissonInput, 'rate' | 'delay'>, bin: number): boolean {
  const bins = intervalLength(rate) / bin
  return Number.isInteger(delay / bin) && bins >= 1 && bins <= MOST_BINS
}
