import type { ProjectionNoise, SpikeFate, SpikeNoise } from '../../dynamics/noise/spike-noise.js'
import { entryOf } from '../../events/by-name.js'
import type { DelayShape } from '../../network/instance/instance.js'
import type { PerName } from './device-noise.js'
import { delayLevels } from './quantize.js'
import type { RunNoise } from './run-noise.js'

/** A projection as far as noise asks. */
export interface NoisyWay {
  readonly key: string
  readonly source: string
  /** 'none': a device that has no such way gives it its shortest delay. */
  readonly delayShape: DelayShape
}

/**
 * What a run's noise does to the spikes that come through some projections; undefined where it does nothing.
 *
 * @param ways the projections into a group, in order
 * @param cyclic keys of the projections that lie on a cycle
 */
export function spikeNoiseOf(
  noise: RunNoise,
  ways: readonly NoisyWay[],
  cyclic: ReadonlySet<string>,
): SpikeNoise | undefined {
  const { tick = 0 } = noise.device ?? {}
  const shortest = delayLevels(noise.device ?? {}).min
  const projections = ways.map((way): ProjectionNoise | null => {
    const fates = fatesOf(noise, way)
    const lag = way.delayShape === 'none' ? shortest : 0
    if (fates.length === 0 && tick === 0 && lag === 0) return null
    return { fates, causal: cyclic.has(way.key), ...(tick === 0 ? {} : { tick }), ...(lag === 0 ? {} : { lag }) }
  })
  if (projections.every((projection) => projection === null)) return undefined
  const { draw, firstTrial } = noise
  return { draw, firstTrial, projections }
}

/** What happens to what is read out of a group for the loss; null where nothing does. */
export function readoutNoiseOf({ device }: RunNoise, group: string): Omit<ProjectionNoise, 'causal'> | null {
  const { seed = 0, readoutJitter: jitter = 0, tick = 0 } = device ?? {}
  if (jitter === 0 && tick === 0) return null
  return { fates: jitter === 0 ? [] : [{ seed, name: `readout/${group}`, jitter, loss: 0 }], tick }
}

/** A name that a group and a projection share stands for both. */
function fatesOf({ device, dropout }: RunNoise, { key, source }: NoisyWay): readonly SpikeFate[] {
  const { seed = 0, jitter = 0, spikeLoss = 0 } = device ?? {}
  const ofDevice = (name: string, stream: string): SpikeFate => {
    return { seed, name: stream, jitter: valueFor(jitter, name), loss: valueFor(spikeLoss, name) }
  }
  const everywhere = ofDevice(source, `spikes/${source}`)
  const onTheWay: SpikeFate = {
    ...{ seed, name: `way/${key}` },
    ...{ jitter: onWay(jitter, key), loss: onWay(spikeLoss, key) },
  }
  const dropped: SpikeFate = {
    seed: dropout?.seed ?? 0,
    name: `dropout/${source}`,
    jitter: 0,
    loss: entryOf(dropout?.rates, source) ?? 0,
  }
  return [everywhere, onTheWay, dropped].filter(({ jitter: std, loss }) => std > 0 || loss > 0)
}

function valueFor(values: PerName, name: string): number {
  return typeof values === 'number' ? values : (entryOf(values, name) ?? 0)
}

/** A number stands for groups. */
function onWay(values: PerName, key: string): number {
  return typeof values === 'number' ? 0 : valueFor(values, key)
}
