import { compileBinary } from './compile-binary.js'
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

/** What assembly/index.ts exports. Addresses are bytes of the memory; what functions work on stands in the plan. */
export interface KernelExports {
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
  return compileBinary([KERNEL_HEAD, KERNEL_MIDDLE[variant], KERNEL_TAIL])
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
