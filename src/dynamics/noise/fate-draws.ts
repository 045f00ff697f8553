import { normalQuantile } from '../../numerics/normal-quantile.js'
import { createRandomStreams, openUnit, type RandomStreams } from '../../numerics/random-stream.js'
import type { SpikeFate, SpikeNoise } from './spike-noise.js'

const TWO_TO_MINUS_32 = 2.3283064365386963e-10

/** The random numbers of one fate, for the trials of one run. */
interface FateStreams {
  readonly fate: SpikeFate
  readonly streams: RandomStreams
}

/** Says what happens to the spikes of one group that take one way, in one run. */
export class FateDraws {
  /** Of the spike asked for last: how much later it comes, in ms. */
  shift = 0
  private readonly fates: readonly FateStreams[]
  private readonly size: number

  /**
   * @param trials of the run
   * @param size units of the whole source group
   */
  constructor(
    fates: readonly SpikeFate[],
    { draw, firstTrial }: Omit<SpikeNoise, 'projections'>,
    trials: number,
    size: number,
  ) {
    this.size = size
    this.fates = fates.map((fate) => {
      const nameOf = (trial: number) => `noise/${fate.name}/${draw}/${firstTrial + trial}`
      return { fate, streams: createRandomStreams(fate.seed, trials, nameOf) }
    })
  }

  /**
   * Whether a spike arrives at all; then `shift` says how much later.
   *
   * @param number of the spike among those of its unit in the trial, from 0
   */
  arrives(trial: number, unit: number, number: number): boolean {
    const index = number * this.size + unit
    this.shift = 0
    for (const { fate, streams } of this.fates) {
      const words = streams.words(trial, index)
      if (((words[2] as number) + 0.5) * TWO_TO_MINUS_32 < fate.loss) return false
      if (fate.jitter > 0) this.shift += fate.jitter * normalQuantile(openUnit(words))
    }
    return true
  }
}
