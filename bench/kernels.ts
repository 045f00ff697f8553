import { GroupKernel } from '../dist/dynamics/group-kernel.js'
import { connect, defineNetwork, dense, lif, normal, perSynapse, source, uniform } from '../dist/index.js'
import type { LifValues } from '../dist/network/instance.js'
import { instantiate } from '../dist/network/instantiate.js'
import { createRandomStream } from '../dist/numerics/random-stream.js'
import { type Figure, medians } from './figure.js'

const [SOURCES, NEURONS, SPIKES, UNTIL] = [784, 350, 150, 40]

/** Nanoseconds per synaptic event of the reference kernel, forward and backward, against only adding the weight rows. */
export async function kernelBenchmarks(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const delays of ['no', 'per-synapse'] as const) {
    const { forward, both, floor } = await medians(runs(delays === 'per-synapse'))
    const perEvent = (milliseconds: number) => (milliseconds * 1e6) / (SPIKES * NEURONS)
    const figure = (name: string, value: number): Figure => ({
      benchmark: `reference kernel, ${name}, ${delays} delays`,
      value: perEvent(value),
      unit: 'ns/synaptic event',
      rival: 'adding the weight rows, plain JavaScript',
      rivalValue: perEvent(floor),
    })
    figures.push(figure('forward', forward), figure('forward and backward', both))
  }
  return figures
}

function runs(delayed: boolean) {
  const instance = instantiate(
    defineNetwork({
      groups: { input: source(SOURCES), hidden: lif(NEURONS, { tauMem: 40, tauSyn: 20, threshold: 1 }) },
      projections: [
        connect('input', 'hidden', dense(normal(0.02, 0.12)), delayed ? { delay: perSynapse(uniform(0, 3)) } : {}),
      ],
    }),
    1,
  )
  const kernel = new GroupKernel(instance.groups[1] as LifValues, instance.projections)
  const random = createRandomStream(1, 'bench')
  const times = Float64Array.from({ length: SPIKES }, (_, k) => 20 * random.uniform(k)).sort()
  const units = Uint32Array.from(times, (_, k) => random.integer(1000 + k, SOURCES))
  const batch = {
    stream: 'input',
    sequence: 0,
    window: { start: 0, end: UNTIL },
    offsets: Uint32Array.of(0, SPIKES),
    times,
    units,
  }
  const options = {
    trials: 1,
    until: UNTIL,
    whole: true,
    stopAfterFirst: false,
    trackSilent: false,
    undefinedSlope: 'ignore',
    beat: () => undefined,
  } as const
  const forward = (gradients: boolean) => {
    kernel.begin({ ...options, gradients })
    kernel.receive(0, batch)
    return kernel.advance(UNTIL, UNTIL)
  }
  const rows = Array.from({ length: SOURCES }, (_, u) =>
    Float64Array.from({ length: NEURONS }, (__, n) => random.uniform(u * NEURONS + n)),
  )
  const sum = new Float64Array(NEURONS)
  return {
    forward: () => forward(false),
    both: () => {
      const spikes = forward(true)
      kernel.beginBackward(null)
      kernel.retreat(new Float64Array(spikes.times.length).fill(1))
      kernel.takeAnswers()
      return kernel.finishGradient()
    },
    floor: () => {
      for (const unit of units) {
        const row = rows[unit] as Float64Array
        for (let n = 0; n < NEURONS; n++) sum[n] = (sum[n] as number) + (row[n] as number)
      }
      return sum
    },
  }
}
