import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import type { Network } from '../../src/network/description/network.js'
import { trainsOf } from '../learning/trains.js'
import { apart, areas, levels } from './own-losses.js'

/** A target train per label, over the units of any group b. */
const targets = trainsOf(
  Array.from({ length: 40 }, (_, label) => [0, 1, 1].map((unit, k) => ({ unit, time: 3 + 4 * k + ((label * 7) % 5) }))),
)

/** Every kind of loss, on groups b (LIF) and r (LI); of some kinds in more than one shape. */
export const LOSSES: { readonly [Kind in Loss['kind']]: readonly (Loss & { readonly kind: Kind })[] } = {
  linear: [{ kind: 'linear', group: 'b', coefficients: [] }],
  firstSpike: [{ kind: 'firstSpike', group: 'b', tau0: 5, alpha: 0.003, tau1: 6.4, smoothing: 0.2 }],
  spikeCount: [{ kind: 'spikeCount', group: 'b', tau: 20 }],
  vanRossum: [{ kind: 'vanRossum', group: 'b', tau: 6, targets }],
  spikeTimes: [{ kind: 'spikeTimes', group: 'b', tau: 6, targets }],
  vMax: [
    { kind: 'vMax', group: 'r' },
    { kind: 'vMax', group: 'r', smoothing: 0.2 },
  ],
  liIntegral: [
    { kind: 'liIntegral', group: 'r', tau: 12, scale: 0.1 },
    { kind: 'liIntegral', group: 'r', tau: Infinity, scale: 0.1 },
  ],
  own: [apart.on('b'), levels.on('r'), areas.on('r')],
}
/** A linear loss has a coefficient for every spike of its group. */
export async function lossesFor(network: Network, seed: number, trials: LabelledTrials): Promise<readonly Loss[]> {
  await using session = await open(network, { seed })
  const { spikes } = await session.simulate(trials, { record: ['b'] })
  const coefficients = Array.from({ length: spikes.b!.times.length }, (_, k) => 1 + (k % 3))
  return Object.values(LOSSES)
    .flat()
    .map((loss) => (loss.kind === 'linear' ? { ...loss, coefficients } : loss))
}
