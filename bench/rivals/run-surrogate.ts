import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Quantity, SpikeTrains } from '../../dist/index.js'
import type { Workload } from '../workloads.js'

/** What surrogate.py measured. */
export interface SurrogateCost {
  /** Microseconds per trained sample. */
  readonly processorTime: number
  readonly samplesPerSecond: number
  readonly hiddenSpikes: number
  readonly versions: string
}

const SCRIPT = fileURLToPath(new URL('surrogate.py', import.meta.url))
/** Debian's own, whose packages hold PyTorch. */
const PYTHON = '/usr/bin/python3'
/** Freed memory is kept: giving it back and taking it anew would cost the rival more than its arithmetic. */
const ENVIRONMENT = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '10000000000', OMP_NUM_THREADS: '1' }

/** Why the rival cannot run here; null if it can. Any other BLAS than OpenBLAS would be unfair to it. */
export function missingForSurrogate(): string | null {
  const question = 'import torch; print(open("/proc/self/maps").read())'
  const { status, stdout } = spawnSync(PYTHON, ['-c', question], { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status === 0 && /openblas|mkl_rt/.test(stdout)) return null
  return 'the rival in PyTorch is left out; Debian: apt-get install python3-torch libopenblas0'
}

/**
 * Trains the shape of a workload, with its input spikes and initial weights, by surrogate gradients in so many steps, for so
 * many seconds behind a quarter of them as warm-up.
 */
export function runSurrogate({ task, batch }: Workload, steps: number, seconds: number): SurrogateCost {
  const { groups, projections } = task.network
  const count = Math.max(batch, 128)
  const trains = task.train.encode(Uint32Array.from({ length: count }, (_, k) => k % task.train.size))
  const order = {
    ...{ sizes: groups.map(({ size }) => size), batch, steps, dt: task.until / steps, tauMem: 20, tauSyn: 5 },
    weights: projections.map(({ weights }) => meanAndSpread(weights)),
    seconds,
    samples: samplesOf(trains.input as SpikeTrains),
  }
  const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT], {
    input: JSON.stringify(order),
    env: { ...process.env, ...ENVIRONMENT },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`the rival in PyTorch failed: ${stderr}`)
  return JSON.parse(stdout)
}

function meanAndSpread(weights: Quantity): readonly [number, number] {
  if (typeof weights === 'object' && 'mean' in weights) return [weights.mean, weights.std]
  throw new TypeError('the initial weights are not drawn from a normal distribution')
}

function samplesOf({ offsets, times, units }: SpikeTrains): readonly (readonly [number[], number[]])[] {
  return Array.from({ length: offsets.length - 1 }, (_, trial) => {
    const [from, to] = [offsets[trial], offsets[trial + 1]]
    return [[...units.slice(from, to)], [...times.slice(from, to)]]
  })
}
