import { InternalError } from '../../events/errors.js'
import type { GradientBatch } from '../../events/gradient-batch.js'
import { joinRows } from '../../numerics/join-rows.js'
import { createFifo } from '../fifo.js'
import type { SpikeReceiver } from '../pathway.js'

/** The end of a trunk at the core that listens. */
export interface TrunkReceiver {
  readonly facets: readonly SpikeReceiver[]
  begin(): void
}

/** Every facet hears the same batches; once all have returned the gradients of one, these leave together, in their order. */
export function createTrunkReceiver(way: SpikeReceiver, facets: number): TrunkReceiver {
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
