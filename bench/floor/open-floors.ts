import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webAssembly } from '../../dist/dynamics/kernels/wasm/web-assembly.js'
import { medians } from '../measure/medians.js'
import type { Rival, Settings } from '../suite.js'
import { compileAssembly } from './compile-assembly.js'
import { compileC } from './compile-c.js'

/** A dense layer and what arrives at it. */
export interface LayerShape {
  readonly sources: number
  readonly neurons: number
  /** Per trial. */
  readonly spikes: number
  readonly trials: number
}

/** The floors of a dense layer: loops that only add the weight rows. */
export interface Floors {
  /** Nanoseconds per synaptic event of each floor, measured now. */
  measure(shape: LayerShape): Promise<readonly Rival[]>
  /** What is missing on this machine. */
  readonly missing: string | null
  close(): void
}

/** Compiles the floors; the one in C only where there is a compiler. */
export async function openFloors({ quick }: Settings): Promise<Floors> {
  const memory = new webAssembly.Memory({ initial: 1 })
  const { addRows } = await compileAssembly(memory)
  const folder = mkdtempSync(join(tmpdir(), 'antidrome-bench-'))
  const program = compileC(folder)
  const time = quick ? 5 : 150

  function measureC({ sources, neurons, spikes, trials }: LayerShape): readonly Rival[] {
    if (program === null) return []
    const { stdout, status } = spawnSync(program, [sources, neurons, spikes, trials, time].map(String), {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${program} ended with ${status}`)
    return [{ name: 'add-only floor in C', value: Number(stdout) }]
  }

  async function measureAssembly({ sources, neurons, spikes, trials }: LayerShape): Promise<Rival> {
    const rowBytes = Math.ceil(neurons / 8) * 64
    const weights = 65536
    const sums = weights + rowBytes * sources
    const units = sums + rowBytes
    const end = units + 4 * spikes * trials
    memory.grow(Math.max(0, Math.ceil((end - memory.buffer.byteLength) / 65536)))
    const drawn = new Uint32Array(memory.buffer, units, spikes * trials)
    for (let k = 0; k < drawn.length; k++) drawn[k] = Math.floor(sources * ((k * Math.SQRT2) % 1))
    const run = () => {
      for (let trial = 0; trial < trials; trial++) addRows(weights, units + 4 * spikes * trial, spikes, rowBytes, sums)
    }
    const { all } = await medians({ all: { run } }, time)
    return { name: 'add-only floor in WebAssembly', value: (1e6 * all) / (spikes * trials * neurons) }
  }

  // The engine compiles a module well only once it has run for a while.
  await measureAssembly({ sources: 8, neurons: 64, spikes: 64, trials: quick ? 1 : 2000 })

  return {
    measure: async (shape) => [...measureC(shape), await measureAssembly(shape)],
    missing: program === null ? 'no C compiler here: the floor in C is left out; Debian: apt-get install gcc' : null,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
