import type { Group, Network } from '../../network/description/network.js'
import { isReadout } from '../../network/models/models.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { UnitTally } from '../tally/read-tally.js'
import type { LossCounts } from './chip-counts.js'
import type { CoreWays } from './core-ways.js'
import { createStreamCounter, valuePackets } from './stream-counter.js'

export interface LossSite {
  readonly profile: ChipProfile
  readonly ways: CoreWays
  readonly coreOf: ReadonlyMap<string, Int32Array>
}

/** Output groups of neurons (without a projection to another group): the loss's default target. */
export function outputGroups({ groups, projections }: Network): readonly string[] {
  const heard = new Set(projections.filter(({ source, target }) => source !== target).map(({ source }) => source))
  return groups.filter(({ kind, name }) => kind !== 'source' && !heard.has(name)).map(({ name }) => name)
}

/** What goes to the loss and back, on the core of the first slice of each group. */
export function countLoss(groups: readonly Group[], { profile, ways, coreOf }: LossSite, tally: UnitTally): LossCounts {
  const [spikes, maxima, gradients] = [0, 1, 2].map(() => createStreamCounter(profile, ways)) as [
    Counter,
    Counter,
    Counter,
  ]
  const { bits, perValue } = valuePackets(profile)
  let [readouts, returned] = [0, 0]
  for (const group of groups) {
    const { name, size } = group
    const isRead = isReadout(group)
    const places = coreOf.get(name) as Int32Array
    const loss = places[0] as number
    for (let unit = 0; unit < size; unit++) {
      const from = places[unit] as number
      const events = isRead ? tally.trials : (tally.spikes.get(name)?.[unit] as number)
      if (isRead) {
        maxima.add(from, loss, perValue * events)
        readouts += events
      } else spikes.add(from, loss, events)
      gradients.add(loss, from, perValue * events)
      returned += events
    }
  }
  return {
    groups: groups.map(({ name }) => name),
    spikes: spikes.counts(figureValue(profile.formats.packetBits)),
    maxima: { ...maxima.counts(bits), values: readouts },
    gradients: { ...gradients.counts(bits), values: returned },
  }
}

type Counter = ReturnType<typeof createStreamCounter>
