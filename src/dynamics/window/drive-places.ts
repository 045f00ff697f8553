import { exponentOf, powerOfTwo } from '../../numerics/double-exponent.js'
import { exp } from '../../numerics/exp.js'
import { nameHash } from '../../numerics/name-hash.js'
import { BLOCKS_PER_FRAME, countDistribution, frameLength, wordMask } from '../emission/poisson-frames.js'
import { type MemoryViews, writeFields } from '../wasm/fields.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { DRIVE, FINE_STEPS } from '../wasm/schema/window-records.js'
import type { WindowPlanFields } from './window-plan.js'

const WORD_RANGE = 2 ** 32

/** A source that emits by a Poisson process of its own to every neuron, one to one: its spikes are drawn in the kernel. */
export interface Drive {
  readonly source: string
  /** In Hz, the same for all units. */
  readonly rate: number
  readonly start: number
  readonly stop: number
  /** In ms, a whole number of cells. */
  readonly delay: number
}

/** What a kernel keeps of a drive, whatever the trial; addresses in bytes. */
interface SharedPlaces {
  readonly table: number
  readonly weights: number
  readonly counts: number
  readonly guide: number
  readonly frameCells: number
  readonly delayCells: number
  readonly room: number
}

export interface DriveLayout {
  readonly drive: Drive
  /** Length of a frame in ms. */
  readonly length: number
  readonly shared: SharedPlaces
}

/** Where the units of a drive lie in one trial. */
export interface DrivePlaces {
  readonly hashes: number
  readonly drawn: number
  readonly words: number
  /** How many they are. */
  readonly units: number
}

/** Cells of a frame of a drive. */
export function frameCellsOf({ rate }: Drive, cell: number): number {
  return frameLength(rate) / cell
}

/** @param weights of the neurons held */
export function layOutDrive(
  memory: KernelMemory,
  drive: Drive,
  grid: WindowPlanFields,
  weights: Float64Array,
): DriveLayout {
  const { cell } = grid as Required<WindowPlanFields>
  const length = frameLength(drive.rate)
  const distribution = countDistribution((drive.rate * length) / 1000)
  const guide = new Uint32Array(FINE_STEPS / 4)
  const bytes = new Uint8Array(guide.buffer)
  for (let k = 0; k < FINE_STEPS; k++) bytes[k] = distribution.findIndex((sum) => sum > k / FINE_STEPS)
  const shared = {
    table: memory.copy(growthTable(grid)),
    weights: memory.copy(weights),
    counts: memory.copy(distribution),
    guide: memory.copy(guide),
    frameCells: length / cell,
    delayCells: drive.delay / cell,
    // Four blocks are written at once.
    room: 4 * (distribution.length + 16),
  }
  return { drive, length, shared }
}

/** What an arrival adds in the middle of every fine step of a cell at a weight of 1. */
function growthTable(grid: WindowPlanFields): Float64Array {
  const { cell, perTauSyn, perTauMem, scaleOfCurrent, scaleOfVoltage } = grid as Required<WindowPlanFields>
  const table = new Float64Array(2 * FINE_STEPS)
  for (let k = 0; k < FINE_STEPS; k++) {
    const fromMiddle = ((k + 0.5) / FINE_STEPS - 0.5) * cell
    table[2 * k] = scaleOfCurrent * exp(fromMiddle * perTauSyn)
    table[2 * k + 1] = scaleOfVoltage * exp(fromMiddle * perTauMem)
  }
  return table
}

/**
 * Takes the memory for a drive's units in one trial.
 *
 * @param units the neurons held
 */
export function placeDrive(
  memory: KernelMemory,
  { drive, shared }: DriveLayout,
  units: { readonly start: number; readonly size: number },
  trial: number,
): DrivePlaces {
  const hashes = new Uint32Array(2 * units.size)
  for (let n = 0; n < units.size; n++) {
    const { low, high } = nameHash(`${drive.source}/spikes/${trial}/${units.start + n}`)
    hashes.set([low, high], 2 * n)
  }
  return {
    hashes: memory.copy(hashes),
    drawn: memory.takeZeros(4 * units.size),
    words: memory.take(shared.room * units.size),
    units: units.size,
  }
}

/** Writes what does not change while a trial goes on. */
export function writeDrive(
  memory: MemoryViews,
  at: number,
  { length, shared }: DriveLayout,
  { hashes, drawn, words }: DrivePlaces,
  grid: WindowPlanFields,
): void {
  const { perTauSyn, perTauMem } = grid as Required<WindowPlanFields>
  const step = length / WORD_RANGE
  const cellShift = 32 - exponentOf(shared.frameCells)
  const fineShift = cellShift - exponentOf(FINE_STEPS)
  writeFields(memory, DRIVE, at, {
    ...{ stepOverTauSyn: step * perTauSyn, stepOverTauMem: step * perTauMem, half: powerOfTwo(fineShift - 1) },
    ...{ table: shared.table, weights: shared.weights, counts: shared.counts, guide: shared.guide },
    ...{ hashes, drawn, words, room: shared.room },
    ...{ cellShift, fineShift, frameCells: shared.frameCells, delay: shared.delayCells },
  })
}

/** Writes what changes from frame to frame. */
export function writeFrame(memory: MemoryViews, at: number, { drive, length }: DriveLayout, frame: number): void {
  const mask = wordMask(frame, length)
  const wordAt = (time: number) => Math.ceil((time - frame * length) * (WORD_RANGE / length))
  const first = Math.min(Math.max(wordAt(drive.start), 0), WORD_RANGE)
  const last = Math.min(Math.max(wordAt(drive.stop) - 1, -1), WORD_RANGE - 1)
  // An empty range is written as one that no word is in.
  const range = first <= last ? { first, last } : { first: 1, last: 0 }
  writeFields(memory, DRIVE, at, { mask, ...range, index: frame * BLOCKS_PER_FRAME })
}
