import { describe, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { trainsOf } from '../../learning/trains.js'
import type { GradientCase } from '../../support/arbitrary-gradient-case.js'
import { inTurn } from '../../support/in-turn.js'
import { PROBE_KINDS } from '../../support/probe-network.js'
import { COMMON_FEATURES, expectGradients, type Settle, selectTrials, UNHINGED } from './expect-gradients.js'

/** For labels 0 and 1 what the network does in its first trial, most of it at other times, and two spikes beside. */
async function targetsOf({ network, trials, picks }: GradientCase): Promise<SpikeTrains> {
  const session = await open(network)
  const { times, units } = selectTrials((await session.simulate(trials)).spikes.output!, [0])
  await session.close()
  const moved = Array.from(times, (time, k) => ({
    time: time + 0.3 + 2 * Math.abs(Math.sin(k + 9 * picks[0]!)),
    unit: units[k]!,
  }))
  return trainsOf([moved.slice(1), [...moved, { time: 5.5, unit: 0 }, { time: 7.25, unit: 1 }]])
}

describe('exact gradients against extrapolated difference quotients', () => {
  describe.each(['vanRossum', 'spikeTimes'] as const)('of target spike times, by %s', (kind) => {
    // In short, each loss meets either.
    const wirings = ['none', 'delayed'] as const
    test.each(inTurn(wirings, kind === 'vanRossum' ? 1 : 0))('cycles: %s', async (cycles) => {
      const settle: Settle = async (given) => {
        const loss = { kind, group: 'output', tau: 8, targets: await targetsOf(given) } as const
        return { trials: given.trials, loss: { loss, labels: given.labels, ...UNHINGED } }
      }
      await expectGradients({ cycles, readout: 'spikes' }, { numRuns: 4, settle, features: COMMON_FEATURES })
    })
  })

  test.each(['none', 'delayed'] as const)('of the hinge of silent neurons, cycles: %s', async (cycles) => {
    const settle: Settle = async ({ trials, labels, picks }) => {
      const loss = { kind: 'spikeCount', group: 'output', tau: 20 } as const
      const [label = 0, all = 0] = picks
      const silentHinge = { hidden: 0.5 + all, deep: 1, output: all }
      return { trials, loss: { loss, labels, silentLabelHinge: 0.5 + label, silentHinge } }
    }
    // Where so many neurons are silent, those that adapt are few.
    const kinds = PROBE_KINDS.filter((kind) => kind !== 'adaptation steps')
    const law = { numRuns: 10, settle, features: ['spikes', 'silentPeaks', 'kinks', 'bias'], kinds }
    await expectGradients({ cycles, readout: 'spikes', drive: 0.4 }, law)
  })
})
