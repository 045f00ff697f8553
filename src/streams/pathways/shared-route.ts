import { InternalError } from '../../events/errors.js'
import type { GradientBatch } from '../../events/gradient-batch.js'
import type { UnitSet } from '../../events/unit-set.js'
import { joinRows } from '../../numerics/join-rows.js'
import { createFifo } from '../fifo.js'
import type { Pathway, SpikeReceiver } from '../pathway.js'
import { createSharedRouteSender, type SharedRouteOptions } from './shared-route-sender.js'

/**
 * Several pathways from one slice to one core that travel as one: a batch of spikes is sent once, and contains only
 * spikes with a receiver there; the gradient batch that returns holds those of all branches one behind the other.
 */
export interface SharedRoute {
  readonly branches: readonly Pathway[]
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
    branches: sums.map((_, branch): Pathway => {
      const [outward, inward] = [sender.branches[branch], receiver.branches[branch]]
      if (outward === undefined || inward === undefined) throw new RangeError(`no branch ${branch}`)
      return { ...outward, ...inward, close }
    }),
    begin(returnsGradients) {
      sender.begin(returnsGradients)
      receiver.begin()
    },
    hear: sender.hear,
  }
}

/** The end of a route at the core that listens. */
interface SharedRouteReceiver {
  readonly branches: readonly SpikeReceiver[]
  begin(): void
}

/** Every branch hears the same batches; once all have returned the gradients of one, these leave together, in their order. */
function createSharedRouteReceiver(way: SpikeReceiver, branches: number): SharedRouteReceiver {
  const create = () => Array.from({ length: branches }, () => createFifo<GradientBatch>())
  let returned = create()

  function giveBack(branch: number, batch: GradientBatch): void {
    returned[branch]?.push(batch)
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
    branches: returned.map((_, branch) => ({
      spikes$: way.spikes$,
      sendGradients: (batch) => giveBack(branch, batch),
    })),
    begin() {
      returned = create()
    },
  }
}
