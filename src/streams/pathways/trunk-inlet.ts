import { InternalError } from '../../events/errors.js'
import type { GradientBatch } from '../../events/gradient-batch.js'
import { joinRows } from '../../numerics/join-rows.js'
import { createFifo } from '../fifo.js'
import type { SpikeInlet } from '../pathway.js'

/** The end of a trunk at the core that listens. */
export interface TrunkInlet {
  readonly facets: readonly SpikeInlet[]
  begin(): void
}

/** Every facet hears the same batches; once all have answered one, their answers leave together, in their order. */
export function createTrunkInlet(way: SpikeInlet, facets: number): TrunkInlet {
  const create = () => Array.from({ length: facets }, () => createFifo<GradientBatch>())
  let answers = create()

  function answer(facet: number, batch: GradientBatch): void {
    answers[facet]?.push(batch)
    if (answers.some((waiting) => waiting.size === 0)) return
    const parts = answers.map((waiting) => waiting.take())
    const stray = parts.find(({ sequence }) => sequence !== batch.sequence)
    if (stray !== undefined)
      throw new InternalError(
        `Batches ${stray.sequence} and ${batch.sequence} of "${batch.stream}" would be answered as one.`,
      )
    way.sendGradients({ ...batch, values: joinRows(parts.map(({ values }) => values)) })
  }

  return {
    facets: answers.map((_, facet) => ({
      spikes$: way.spikes$,
      sendGradients: (batch) => answer(facet, batch),
    })),
    begin() {
      answers = create()
    },
  }
}
