import { KERNEL_HEAD, KERNEL_MIDDLE, KERNEL_TAIL } from './kernel-binary.js'
import { type WebAssemblyMemory, type WebAssemblyModule, webAssembly } from './web-assembly.js'

/** Whose memory a kernel works in: that of one thread, or one shared by threads. */
export type KernelVariant = 'plain' | 'shared'

/** What a kernel calls that is outside of it; see assembly/env.ts. Default: nothing. */
export interface KernelHost {
  readonly beat?: () => void
  /** Of window kernels. */
  readonly drainSpikes?: () => void
}

/**
 * The loops of networks on a grid of time, see assembly/grid. Addresses of rows, each `bytes` long, a multiple of 16; a
 * block is a group's rows, one behind the other.
 */
export interface GridExports {
  /** to += row */
  addRow(to: number, row: number, bytes: number): void
  /** to += sum over r of factors[r] · row r; `count` is a multiple of 4. */
  addWeightedRows(to: number, rows: number, factors: number, count: number, bytes: number): void
  advanceReadout(block: number, bytes: number, trace: number): void
  retreatReadout(block: number, bytes: number, explicit: number, collects: boolean): void
  /** Return how many units spike. */
  advanceNeurons(block: number, bytes: number, tape: number): number
  advanceAdaptiveNeurons(block: number, bytes: number, tape: number): number
  retreatNeurons(block: number, bytes: number, tape: number, slope: number, collects: boolean): void
  retreatAdaptiveNeurons(block: number, bytes: number, tape: number, slope: number): void
}

/** What assembly/index.ts exports. Addresses are bytes of the memory; what functions work on stands in the plan. */
export interface KernelExports extends GridExports {
  exp(x: number): number
  expm1(x: number): number
  log1p(x: number): number
  /** e^x and e^x - 1 of the two doubles at an address, see assembly/numerics/exp-pair.ts. */
  expPairAt(address: number): void
  expm1PairAt(address: number): void
  /** Of a neuron with the time constants of the plan, see assembly/crossing.ts. */
  firstCrossing(u: number, i: number, a: number, threshold: number, horizon: number): number
  /** The same where there are two currents, see assembly/two-currents-crossing.ts. */
  firstCrossingOfTwo(u: number, i: number, j: number, a: number, threshold: number, horizon: number): number
  /** Gives an instance its number among the threads, and its scratch lanes. */
  attach(thread: number, scratch: number): void
  /** Does one item of one of the `JOBS`. */
  run(job: number, item: number): void
  /** When a neuron fires next if nothing arrives: of all trials between two windows; Infinity: none does. */
  nextCrossing(): number
  /** Where neurons have arrivals of their own: how far all of them can be taken into account before a time, ms. */
  completeBy(time: number): number
  /** Of the bins in which arrivals are added up there, ms; 0: neurons are run event by event. */
  binWidth(): number
  /** Between the jobs 'forward' and 'emit'. */
  countSpikes(): void
  /** What follows belongs to window kernels, see assembly/window: the address of the plan. */
  attachWindow(address: number): void
  /** Draws a drive's arrivals in the frame that begins with the cell. */
  fillDrive(drive: number): number
  /** The same, but adds them to nothing. */
  drawDrive(drive: number): void
  /** Take a cell of time, in this order; `logCell` says how many entries the log has to have. */
  enterCell(): void
  logCell(): number
  leaveCell(): void
  /** Way back of window kernels, see assembly/window/adjoint-cell.ts: the address of its plan. */
  attachAdjoint(address: number): void
  /** Brings the adjoints back by some cells; returns whether any is not 0 then. */
  retreatCells(count: number): number
  /** Undoes what happens in the cell. */
  undoCell(): void
  /** Undoes the first stretch of every neuron, from the start of the first cell on. */
  closeTrial(): void
}

/** Compiles the kernel. Costs milliseconds: done once, its result serves any number of instances and threads. */
export function compileKernel(variant: KernelVariant): WebAssemblyModule {
  const parts = [KERNEL_HEAD, KERNEL_MIDDLE[variant], KERNEL_TAIL]
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length / 2, 0))
  let at = 0
  // By index: walking the characters of a string takes longer than compiling them.
  for (const text of parts)
    for (let k = 0; k < text.length; k += 2, at++)
      bytes[at] = 16 * digitOf(text.charCodeAt(k)) + digitOf(text.charCodeAt(k + 1))
  return new webAssembly.Module(bytes)
}

/** The value of a hexadecimal digit: '0' to '9', or 'a' to 'f'. */
function digitOf(code: number): number {
  return code < 58 ? code - 48 : code - 87
}

/** Binds a compiled kernel to a memory of its variant. Threads that share a memory have an instance each. */
export function instantiateKernel(
  module: WebAssemblyModule,
  memory: WebAssemblyMemory,
  { beat = nothing, drainSpikes = nothing }: KernelHost = {},
): KernelExports {
  const { exports } = new webAssembly.Instance(module, { env: { memory, beat, drainSpikes } })
  return exports as KernelExports
}

function nothing(): void {}
