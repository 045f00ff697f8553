import { KERNEL_HEAD, KERNEL_PLAIN, KERNEL_SHARED, KERNEL_TAIL } from './kernel-binary.js'
import { compiledOnce, type WebAssemblyMemory, type WebAssemblyModule, webAssembly } from './web-assembly.js'

/** Whose memory a kernel works in: that of one thread, or one shared by threads. */
export type KernelVariant = 'plain' | 'shared'

/** What a kernel calls that is outside of it; see assembly/env.ts. Default: nothing. */
export interface KernelHost {
  readonly beat?: () => void
  /** Of window kernels. */
  readonly drainSpikes?: () => void
}

/** What assembly/index.ts exports. Addresses are bytes of the memory; what functions work on stands in the header. */
export interface KernelExports {
  exp(x: number): number
  expm1(x: number): number
  log1p(x: number): number
  /** e^x and e^x - 1 of the two doubles at an address, see assembly/numerics/exp-pair.ts. */
  expPairAt(address: number): void
  expm1PairAt(address: number): void
  /** log1p(-y) of the two doubles at an address, see assembly/numerics/log1p.ts. */
  log1pOfFallPairAt(address: number): void
  /** Of a neuron with the time constants of the header, see assembly/equations/crossing.ts. */
  firstCrossing(u: number, i: number, a: number, threshold: number, horizon: number): number
  /** The same where there are two currents, see assembly/equations/two-currents-crossing.ts. */
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
  /** What follows belongs to window kernels, see assembly/window: the address of the header. */
  attachWindow(address: number): void
  /** Draws a Poisson input's arrivals in the counting interval that begins with the bin. */
  fillPoissonInput(poissonInput: number): number
  /** The same, but adds them to nothing. */
  drawPoissonInput(poissonInput: number): void
  /** Take a bin of time, in this order; `logBin` says how many entries the log has to have. */
  enterBin(): void
  logBin(): number
  leaveBin(): void
  /** Way back of window kernels, see assembly/window/adjoint-bin.ts: the address of its header. */
  attachAdjoint(address: number): void
  /** Brings the adjoints back by some bins; returns whether any is not 0 then. */
  backwardBins(count: number): number
  /** Undoes what happens in the bin. */
  undoBin(): void
  /** Undoes the first inter-spike interval of every neuron, from the start of the first bin on. */
  closeTrial(): void
}

const COMPILED = {
  plain: compiledOnce([KERNEL_HEAD, KERNEL_PLAIN, KERNEL_TAIL]),
  shared: compiledOnce([KERNEL_HEAD, KERNEL_SHARED, KERNEL_TAIL]),
}

/** The compiled kernel, the same for all callers; compiling it costs milliseconds. */
export function compileKernel(variant: KernelVariant): WebAssemblyModule {
  return COMPILED[variant]()
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
