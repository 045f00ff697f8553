import type { ProjectionNoise, SpikeFate, SpikeNoise } from '../../dynamics/noise/spike-noise.js'
import { entryOf } from '../../events/by-name.js'
import type { PerName } from './device-noise.js'
import type { RunNoise } from './run-noise.js'

/** A projection as far as noise asks. */
export interface NoisyWay {
  readonly key: string
  readonly source: string
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
  const projections = ways.map((way): ProjectionNoise | null => {
    const fates = fatesOf(noise, way)
    return fates.length === 0 ? null : { fates, causal: cyclic.has(way.key) }
  })
  if (projections.every((projection) => projection === null)) return undefined
  const { draw, firstTrial } = noise
  return { draw, firstTrial, projections }
}

/** What happens to what is read out of a group for the loss; null where nothing does. */
export function readoutFate({ device }: RunNoise, group: string): SpikeFate | null {
  const { seed = 0, readoutJitter: jitter = 0 } = device ?? {}
  return jitter === 0 ? null : { seed, name: `readout/${group}`, jitter, loss: 0 }
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
