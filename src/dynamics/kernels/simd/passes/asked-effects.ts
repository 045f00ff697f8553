import { noSpikes } from '../../../../events/no-spikes.js'
import type { SpikeBatch } from '../../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import { delayOfSynapse } from '../../../../network/graph/delay-of-synapse.js'
import type { KernelInput } from '../../../inputs/kernel-input.js'
import { lateBatch } from '../../../inputs/late-batch.js'
import type { Afferent } from '../../../parameters/synapses.js'
import { readField, writeFields } from '../../wasm/fields.js'
import { type HeaderFields, readHeader } from '../../wasm/header.js'
import { ASKED, INSTANT, RANGE } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'

/** Pseudo-spikes that have come through a projection, as they are known here; the number of the first one among all. */
export interface AskedBatch {
  readonly projection: number
  readonly pseudo: SpikeTrains
  readonly slot: number
}

/** Those of each batch that has come, as far as it has any, none where nobody asks; numbers go on from `first`. */
export function askedBatches(
  inputs: readonly KernelInput[],
  batches: readonly { readonly input: number; readonly batch: SpikeBatch }[],
  first: number,
  trials: number,
): readonly AskedBatch[] {
  if (batches.every(({ batch }) => batch.pseudo === undefined)) return []
  let next = first
  return batches.map(({ input, batch }) => {
    const from = inputs[input] as KernelInput
    const slot = next
    const pseudo = lateBatch(from, batch).pseudo ?? noSpikes(trials)
    next += pseudo.times.length
    return { projection: from.projection, pseudo, slot }
  })
}

interface Asked {
  readonly time: number
  readonly row: number
  readonly slot: number
}

/** Fields of the header: where shared arrivals are undone, the pseudo-spikes of some trials of the pass, by when they would arrive. */
export function takeAsked(
  engine: SimdEngine,
  batches: readonly AskedBatch[],
  [first, end]: readonly [number, number],
): HeaderFields {
  const { memory, pool } = engine
  const until = readHeader(memory, 'until')
  const trials = Array.from({ length: end - first }, (_, trial) =>
    batches
      .flatMap((batch) => askedIn(engine, batch, first + trial))
      .filter(({ time }) => time < until)
      .sort((a, b) => a.time - b.time || a.slot - b.slot),
  )
  const ranges = memory.take(RANGE.size * trials.length)
  let at = memory.take(ASKED.size * trials.reduce((sum, { length }) => sum + length, 0))
  trials.forEach((asked, trial) => {
    writeFields(memory, RANGE, ranges + RANGE.size * trial, { start: at, end: at + ASKED.size * asked.length })
    for (const each of asked) {
      writeFields(memory, ASKED, at, { ...each, interval: intervalOf(engine, trial, each.time) })
      at += ASKED.size
    }
  })
  const answerRoom = 64 * trials.reduce((most, { length }) => Math.max(most, length), 0)
  return { asked: ranges, answerRoom, answers: memory.take(answerRoom * pool.size) }
}

function askedIn(
  { group, places, memory }: SimdEngine,
  { projection, pseudo, slot }: AskedBatch,
  trial: number,
): readonly Asked[] {
  const { synapses, layout } = group
  const { delayShape, delayBase } = synapses.afferents[projection] as Afferent
  const delays = memory.f64.subarray(places.parameters / 8 + layout.delays)
  const asked: Asked[] = []
  for (let k = pseudo.offsets[trial] as number; k < (pseudo.offsets[trial + 1] as number); k++) {
    const unit = pseudo.units[k] as number
    if (!synapses.isHeard(projection, unit)) continue
    const time = (pseudo.times[k] as number) + delayOfSynapse(delays, delayShape, delayBase, unit, 0)
    asked.push({ time, row: 64 * ((places.firstUnit[projection] as number) + unit), slot: slot + k })
  }
  return asked
}

/** The instant that begins the interval of a trial with a time before its end. */
function intervalOf({ memory }: SimdEngine, trial: number, time: number): number {
  const range = readHeader(memory, 'instantRanges') + RANGE.size * trial
  const start = readField(memory, RANGE, range, 'start')
  let [low, high] = [0, (readField(memory, RANGE, range, 'end') - start) / INSTANT.size - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (readField(memory, INSTANT, start + INSTANT.size * middle, 'time') > time) high = middle
    else low = middle + 1
  }
  return start + INSTANT.size * (low - 1)
}
