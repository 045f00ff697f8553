import { vi } from 'vitest'
import type { KernelChoice } from '../../src/dynamics/kernels/choose-kernel.js'
import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { KernelEngine } from '../../src/dynamics/kernels/kernel-limits.js'
import { GroupKernel } from '../../src/dynamics/kernels/reference/group-kernel.js'
import { SimdKernel } from '../../src/dynamics/kernels/simd/simd-kernel.js'
import { WindowKernel } from '../../src/dynamics/kernels/window/window-kernel.js'

type ArrivalSharing = KernelChoice['feed']

/** An engine, with its feed, such as `simd shared`; without where it has none. */
export function engineWithFeed(engine: KernelEngine, feed: ArrivalSharing): string {
  return engine === 'reference' || feed === null ? engine : `${engine} ${feed}`
}

/** By group, whose kernels go forward and back while something is done; by `engineWithFeed`. */
export async function enginesThatRun(work: () => Promise<unknown>): Promise<Readonly<Record<string, string>>> {
  const watches = [GroupKernel, SimdKernel, WindowKernel].map(({ prototype }) =>
    (['advance', 'backward'] as const).map((step) => vi.spyOn(prototype, step)),
  )
  try {
    await work()
    const [reference = [], simd = [], window = []] = watches.map((steps) => {
      return steps.flatMap(({ mock }) => mock.contexts as Kernel[])
    })
    const nameOf = ({ values }: Kernel) => values.name
    const ran = [
      ...reference.map((kernel) => [nameOf(kernel), 'reference'] as const),
      ...simd.map(
        (kernel) => [nameOf(kernel), engineWithFeed('simd', arrivalSharingOf(kernel as SimdKernel))] as const,
      ),
      ...window.map((kernel) => [nameOf(kernel), engineWithFeed('window', 'own')] as const),
    ]
    const engines = new Map<string, Set<string>>()
    for (const [name, engine] of ran) engines.set(name, (engines.get(name) ?? new Set()).add(engine))
    return Object.fromEntries(Array.from(engines, ([name, of]) => [name, [...of].join()]))
  } finally {
    for (const watch of watches.flat()) watch.mockRestore()
  }
}

function arrivalSharingOf(kernel: SimdKernel): ArrivalSharing {
  const { engine } = kernel as unknown as {
    readonly engine: { readonly places: { readonly hasPerNeuronArrivals: boolean } }
  }
  return engine.places.hasPerNeuronArrivals ? 'own' : 'shared'
}
