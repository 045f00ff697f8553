import { open } from '../../dist/index.js'
import type { Workload } from '../workloads.js'

/** Spikes per sample of each group at the initial weights, and synaptic events of all layers. */
export interface SpikeCounts {
  readonly input: number
  readonly hidden: number
  readonly output: number
  readonly synapticEvents: number
}

const SAMPLES = 128
export const SEED = 1

/** Counts the spikes of a workload's first samples. */
export async function countSpikes({ task }: Workload): Promise<SpikeCounts> {
  const session = await open(task.network, { seed: SEED })
  const samples = Uint32Array.from({ length: SAMPLES }, (_, sample) => sample)
  const inputs = task.train.encode(samples)
  const { spikes } = await session.simulate({ count: SAMPLES, until: task.until, inputs })
  await session.close()
  const perSample = (group: string) => ((inputs[group] ?? spikes[group])?.times.length ?? 0) / SAMPLES
  const counts = { input: perSample('input'), hidden: perSample('hidden'), output: perSample('output') }
  const size = (group: string) => task.network.groups.find(({ name }) => name === group)?.size ?? 0
  return { ...counts, synapticEvents: counts.input * size('hidden') + counts.hidden * size('output') }
}
