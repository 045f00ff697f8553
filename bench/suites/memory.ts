import { readHeader } from '../../dist/dynamics/kernels/wasm/header.js'
import { createLayerRuns, type LayerRuns } from '../measure/layer-runs.js'
import type { Finding, Settings } from '../suite.js'
import { LAYER_NEURONS, type Layer } from '../workloads.js'

const LAYER: Layer = { delays: 'shared', adaptation: false, mean: 0.068 }
/** Weights that make about 0.1, 1 and 4 spikes per neuron and trial. */
const MEANS = [0.044, 0.068, 0.15] as const
const TIMES_LONGER = 1000
const UNTIL = 40

interface Memory {
  /** All that the kernel has asked for, in bytes. */
  readonly whole: number
  /** What lies on its tape after a forward pass, in bytes. */
  readonly tape: number
  readonly spikes: number
}

/** Memory of the SIMD kernel: per spike of its tape, and over a longer trial of the same spikes. */
export async function* memorySuite({ quick }: Settings): AsyncGenerator<Finding> {
  const trials = quick ? 8 : 128
  const perRate = MEANS.map((mean) => measure({ ...LAYER, mean }, trials, UNTIL))
  for (const { tape, spikes } of perRate)
    yield {
      ...{ name: 'tape', value: tape / spikes, unit: 'bytes/spike' },
      against: [{ name: 'time, I and A as doubles', value: 24 }],
      counts: { 'spikes per neuron': spikes / (LAYER_NEURONS * trials) },
    }
  const [few, , many] = perRate
  if (few !== undefined && many !== undefined)
    yield {
      ...{ name: 'growth of all memory of the kernel', value: 0, unit: 'bytes/spike' },
      ...{ value: (many.whole - few.whole) / (many.spikes - few.spikes) },
      against: [{ name: 'tape', value: (many.tape - few.tape) / (many.spikes - few.spikes) }],
    }
  const brief = measure(LAYER, trials, UNTIL)
  const long = measure(LAYER, trials, TIMES_LONGER * UNTIL)
  for (const field of ['tape', 'whole', 'spikes'] as const) {
    const what = { tape: 'tape', whole: 'all memory of the kernel', spikes: 'spikes' }[field]
    yield {
      name: `${what}, trials of ${(TIMES_LONGER * UNTIL) / 1000} s`,
      value: long[field],
      unit: field === 'spikes' ? 'spikes' : 'bytes',
      against: [{ name: `trials of ${UNTIL} ms, the same spikes`, value: brief[field] }],
    }
  }
}

function measure(layer: Layer, trials: number, until: number): Memory {
  const runs = createLayerRuns(layer, { kernel: 'simd', trials, until })
  // The second pass finds room for its tape from the start.
  runs.forward()
  const spikes = runs.forward().times.length
  const tape = tapeBytes(runs, trials)
  runs.backward()
  return { whole: runs.kernel.parameters.buffer.byteLength, tape, spikes }
}

/** Reads in the kernel's memory how far its tape has come; see src/dynamics/kernels/wasm/assembly/events/tape.ts. */
function tapeBytes({ kernel }: LayerRuns, trials: number): number {
  const { buffer } = kernel.parameters
  const views = { f64: new Float64Array(buffer), i32: new Int32Array(buffer) }
  const starts = readHeader(views, 'tapeStarts') / 4
  let bytes = 0
  for (let laneGroup = 0; laneGroup < readHeader(views, 'laneGroups'); laneGroup++) {
    const first = starts + laneGroup * (trials + 1)
    bytes += (views.i32[first + trials] as number) - (views.i32[first] as number)
  }
  return bytes
}
