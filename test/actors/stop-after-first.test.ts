import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/actors/group/run.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import { firstSpikesSuffice } from '../../src/learning/loss-view.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { runWhole, wireWhole } from '../support/wire-whole.js'
import { FIRST, LABELS, LIF, TWO_TRIALS, twoLayers } from './small-networks.js'

/** What the actors of a network emit in one run. */
async function emitted(run: Partial<Run>): Promise<readonly SpikeBatch[]> {
  const wired = wireWhole(twoLayers())
  const batches: SpikeBatch[] = []
  for (const { spikes$ } of wired.groups) spikes$.subscribe((batch) => batches.push(batch))
  const whole: Run = {
    trials: TWO_TRIALS,
    loss: { loss: FIRST, labels: LABELS, silentLabelHinge: 0, silentHinge: {} },
    gradients: true,
    inputTimes: true,
    biasGradient: true,
    stopAfterFirst: true,
    undefinedSlope: 'ignore',
    ...run,
  }
  await runWhole(wired, whole)
  return batches
}

/** The most spikes that a neuron of the group has in a trial. */
function mostSpikes(batches: readonly SpikeBatch[], group: string): number {
  const counts = batches
    .filter(({ stream }) => stream === group)
    .flatMap(({ offsets, units }) => {
      return Array.from({ length: TWO_TRIALS.count }, (_, trial) => {
        const fired = [...units.subarray(offsets[trial], offsets[trial + 1])]
        return Math.max(0, ...fired.map((unit) => fired.filter((each) => each === unit).length))
      })
    })
  return Math.max(...counts)
}

describe('the output group stops after its first spikes', () => {
  test('when asked to', async () => {
    const batches = await emitted({ stopAfterFirst: true })
    expect(mostSpikes(batches, 'out')).toBe(1)
    expect(mostSpikes(batches, 'hidden')).toBeGreaterThan(1)
  })

  test('not otherwise', async () => {
    expect(mostSpikes(await emitted({ stopAfterFirst: false }), 'out')).toBeGreaterThan(1)
  })

  test('which it is where the loss looks at nothing else, and no group listens to it, not even itself', () => {
    const loop = connect('out', 'out', dense(1))
    const { projections } = twoLayers()
    expect(firstSpikesSuffice({ projections }, FIRST)).toBe(true)
    expect(firstSpikesSuffice({ projections }, { ...FIRST, group: 'hidden' })).toBe(false)
    expect(firstSpikesSuffice({ projections }, { kind: 'spikeCount', group: 'out', tau: 20 })).toBe(false)
    const { projections: looped } = defineNetwork({ groups: { out: lif(1, LIF) }, projections: [loop] })
    expect(firstSpikesSuffice({ projections: looped }, FIRST)).toBe(false)
  })
})
