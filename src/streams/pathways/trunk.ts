import type { UnitSet } from '../../events/unit-set.js'
import type { Pathway } from '../pathway.js'
import { createTrunkInlet } from './trunk-inlet.js'
import { createTrunkOutlet, type TrunkOptions } from './trunk-outlet.js'

/**
 * Several pathways from one slice to one core that travel as one: a batch of spikes is sent once, and only those of its
 * spikes that somebody hears there; its answer holds those of all facets one behind the other.
 */
export interface Trunk {
  readonly facets: readonly Pathway[]
  /**
   * A run begins: nothing of an earlier one remains.
   *
   * @param isAnswered whether what is sent will be answered
   */
  begin(isAnswered: boolean): void
  /** At the end that spikes: the units of the slice that are heard. Until they are known nothing leaves, and it is closed. */
  hear(units: UnitSet): void
}

export function createTrunk(options: TrunkOptions): Trunk {
  const { way, sums } = options
  const outlet = createTrunkOutlet(options)
  const inlet = createTrunkInlet(way, sums.length)
  const close = () => {
    outlet.close()
    way.close()
  }
  return {
    facets: sums.map((_, facet): Pathway => {
      const [outward, inward] = [outlet.facets[facet], inlet.facets[facet]]
      if (outward === undefined || inward === undefined) throw new RangeError(`no facet ${facet}`)
      return { ...outward, ...inward, close }
    }),
    begin(isAnswered) {
      outlet.begin(isAnswered)
      inlet.begin()
    },
    hear: outlet.hear,
  }
}
