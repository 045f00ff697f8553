import { InternalError } from '../../events/errors.js'
import type { GradientBatch } from '../../events/gradient-batch.js'
import type { UnitSet } from '../../events/unit-set.js'
import { joinRows } from '../../numerics/join-rows.js'
import { createFifo } from '../fifo.js'
import type { Pathway, SpikeReceiver } from '../pathway.js'
import { createSharedRouteSender, type SharedRouteOptions } from './shared-route-sender.js'

/**
 * Several pathways from one slice to one core that travel as one: a batch of spikes is sent once, and contains only
 * spikes with a receiver there; the gradient batch that returns holds those of all facets one behind the other.
 */
export interface SharedRoute {
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

export function createSharedRoute(options: SharedRouteOptions): SharedRoute {
  const { way, sums } = options
  const sender = createSharedRouteSender(options)
  const receiver = createSharedRouteReceiver(way, sums.length)
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

/** The end of a trunk at the core that listens. */
interface SharedRouteReceiver {
  readonly facets: readonly SpikeReceiver[]
  begin(): void
}

/** Every facet hears the same batches; once all have returned the gradients of one, these leave together, in their order. */
function createSharedRouteReceiver(way: SpikeReceiver, facets: number): SharedRouteReceiver {
  const create = () => Array.from({ length: facets }, () => createFifo<GradientBatch>())
  let returned = create()

  function giveBack(facet: number, batch: GradientBatch): void {
    returned[facet]?.push(batch)
    if (returned.some((waiting) => waiting.size === 0)) return
    const parts = returned.map((waiting) => waiting.take())
    const stray = parts.find(({ sequence }) => sequence !== batch.sequence)
    if (stray !== undefined)
      throw new InternalError(
        `Batches ${stray.sequence} and ${batch.sequence} of "${batch.stream}" would be returned as one.`,
      )
    way.sendGradients({ ...batch, values: joinRows(parts.map(({ values }) => values)) })
  }

  return {
    facets: returned.map((_, facet) => ({
      spikes$: way.spikes$,
      sendGradients: (batch) => giveBack(facet, batch),
    })),
    begin() {
      returned = create()
    },
  }
}
