import type { Epoch } from '../../learning/train.js'

/** One epoch as a line of `metrics.jsonl`; accuracies and shares from 0 to 1, loss null where no label spiked. */
export interface EpochRecord {
  readonly epoch: number
  readonly loss: number | null
  readonly trainAccuracy: number
  readonly validationAccuracy: number
  readonly silentFraction: number
  readonly silentLabelFraction: number
  readonly grazing: number
  readonly samplesPerSecond: number | null
  readonly cpuSecondsPerSample: number | null
}

export function epochRecord(epoch: Epoch): EpochRecord {
  const { number, loss, trainAccuracy, validationAccuracy, silentFraction, silentLabelFraction, grazing } = epoch
  const { samplesPerSecond, cpuSecondsPerSample } = epoch
  return {
    epoch: number,
    loss,
    trainAccuracy,
    validationAccuracy,
    silentFraction,
    silentLabelFraction,
    grazing,
    samplesPerSecond,
    // Not every platform can tell.
    cpuSecondsPerSample: Number.isNaN(cpuSecondsPerSample) ? null : cpuSecondsPerSample,
  }
}
