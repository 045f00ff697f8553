import { KERNEL_BINARY, SHARED_KERNEL_BINARY } from './kernel-binary.js'
import { type WebAssemblyMemory, type WebAssemblyModule, webAssembly } from './web-assembly.js'

/** Whose memory a kernel works in: that of one thread, or one shared by threads. */
export type KernelVariant = 'plain' | 'shared'

/** The complete search that the kernel leaves to its host; see assembly/env.ts. */
export type SearchCrossing = (u: number, i: number, a: number, threshold: number) => number

/** What assembly/index.ts exports. Addresses are bytes of the memory; what functions work on stands in the plan. */
export interface KernelExports {
  exp(x: number): number
  expm1(x: number): number
  log1p(x: number): number
  /** Gives an instance its scratch lanes. */
  attach(scratch: number): void
  prepare(): void
  prepareDelayed(): void
  /** Returns an `OUTCOMES` number. */
  forward(octet: number, tapeFrom: number, tapeTo: number): number
  tapeEnd(octet: number): number
  emit(): void
  clearEvents(): void
  /** Returns the address of the octet's gradient, or 0 after a fault. */
  backward(octet: number, vectors: number): number
  grazing(): number
  sumBlock(block: number, into: number): void
  pack(from: number, into: number, row: number, units: number): void
  packDelays(from: number, kind: number, row: number, units: number): void
  unpack(octet: number, from: number, into: number, row: number, units: number): void
  lastOutcome(): number
  faultLane(): number
  faultTime(): number
  faultSlope(): number
}

/** Compiles the kernel. Costs milliseconds: done once, its result serves any number of instances and threads. */
export function compileKernel(variant: KernelVariant): WebAssemblyModule {
  const text = atob(variant === 'shared' ? SHARED_KERNEL_BINARY : KERNEL_BINARY)
  return new webAssembly.Module(Uint8Array.from(text, (character) => character.charCodeAt(0)))
}

/** Binds a compiled kernel to a memory of its variant. Threads that share a memory have an instance each. */
export function instantiateKernel(
  module: WebAssemblyModule,
  memory: WebAssemblyMemory,
  searchCrossing: SearchCrossing,
): KernelExports {
  const { exports } = new webAssembly.Instance(module, { env: { memory, searchCrossing } })
  return exports as KernelExports
}
