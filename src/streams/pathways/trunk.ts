import type { UnitSet } from '../../events/unit-set.js'
import type { Pathway } from '../pathway.js'
import { createTrunkReceiver } from './trunk-receiver.js'
import { createTrunkSender, type TrunkOptions } from './trunk-sender.js'

/**
 * Several pathways from one slice to one core that travel as one: a batch of spikes is sent once, and only those of its
 * spikes that somebody hears there; the gradient batch that returns holds those of all facets one behind the other.
 */
export interface Trunk {
  readonly facets: readonly Pathway[]
  /**
   * A run begins: nothing of an earlier one remains.
   *
   * @param returnsGradients whether gradients return for what is sent
   */
  begin(returnsGradients: boolean): void
  /** At the end that spikes: the units of the slice that are heard. Until they are known nothing leaves, and it is closed. */
  hear(units: UnitSet): void
}

export function createTrunk(options: TrunkOptions): Trunk {
  const { way, sums } = options
  const sender = createTrunkSender(options)
  const receiver = createTrunkReceiver(way, sums.length)
  const close = () => {
    sender.close()
    way.close()
  }
  return {
    facets: sums.map((_, facet): Pathway => {
      const [outward, inward] = [sender.facets[facet], receiver.facets[facet]]
      if (outward === undefined || inward === undefined) throw new RangeError(`no facet ${facet}`)
      return { ...outward, ...inward, close }
    }),
    begin(returnsGradients) {
      sender.begin(returnsGradients)
      receiver.begin()
    },
    hear: sender.hear,
  }
}
