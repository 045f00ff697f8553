import { SingleBar } from 'cli-progress'
import type { StepProgress } from '../learning/train-options.js'
import type { EpochRecord } from './epoch-record.js'
import type { Terminal } from './terminal.js'

/** Shows on stderr how a training goes. */
export interface TrainingDisplay {
  step(progress: StepProgress): void
  epoch(record: EpochRecord): void
  /** Leaves the screen tidy, whatever happened. */
  close(): void
}

/**
 * A bar per epoch where a person watches; else a line per epoch, or nothing when stdout carries the same as JSON.
 *
 * @param seconds a clock with any origin
 */
export function createTrainingDisplay(
  terminal: Terminal,
  { epochs, json, seconds }: { readonly epochs: number; readonly json: boolean; readonly seconds: () => number },
): TrainingDisplay {
  if (terminal.screen !== null) return createBars(terminal.screen, epochs, seconds)
  return {
    step: () => undefined,
    epoch(record) {
      if (!json) terminal.err(`epoch ${numberOf(record.epoch, epochs)}  ${summaryOf(record)}\n`)
    },
    close: () => undefined,
  }
}

function createBars(screen: NodeJS.WriteStream, epochs: number, seconds: () => number): TrainingDisplay {
  let bar: SingleBar | null = null
  let started = 0
  /** Until an epoch ends, its accuracies are those of the one before. */
  let latest: EpochRecord | null = null

  const open = (total: number, epoch: number): SingleBar => {
    const fresh = new SingleBar({
      stream: screen,
      format: `epoch ${numberOf(epoch, epochs)} {bar} {summary}`,
      barsize: 12,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      fps: 8,
      // The cursor would stay hidden and the signal be swallowed when the run is interrupted.
      hideCursor: false,
      gracefulExit: false,
    })
    fresh.start(total, 0, { summary: '' })
    return fresh
  }
  const close = () => {
    bar?.stop()
    bar = null
  }
  return {
    step({ epoch, step, steps, samples, loss }) {
      if (bar === null) {
        started = seconds()
        bar = open(steps, epoch)
      }
      const samplesPerSecond = samples / (seconds() - started)
      bar.update(step, { summary: summaryOf({ ...(latest ?? NOTHING_YET), loss, samplesPerSecond }) })
    },
    epoch(record) {
      latest = record
      bar?.update({ summary: summaryOf(record) })
      close()
    },
    close,
  }
}

type Summary = Pick<EpochRecord, 'loss' | 'samplesPerSecond'> & {
  readonly trainAccuracy: number | null
  readonly validationAccuracy: number | null
  readonly silentFraction: number | null
}

const NOTHING_YET = { trainAccuracy: null, validationAccuracy: null, silentFraction: null } as const

function numberOf(epoch: number, epochs: number): string {
  return `${String(epoch).padStart(String(epochs).length)}/${epochs}`
}

/** Of one width, whatever the values. */
function summaryOf(summary: Summary): string {
  const { loss, trainAccuracy, validationAccuracy, silentFraction, samplesPerSecond } = summary
  return [
    `loss ${fixed(loss, 4, 6)}`,
    `train ${percent(trainAccuracy)}`,
    `val ${percent(validationAccuracy)}`,
    `silent ${percent(silentFraction)}`,
    `${fixed(samplesPerSecond, 0, 5)}/s`,
  ].join(' ')
}

function percent(share: number | null): string {
  return share === null ? '     -' : `${fixed(100 * share, 1, 5)}%`
}

function fixed(value: number | null, digits: number, width: number): string {
  return (value === null || !Number.isFinite(value) ? '-' : value.toFixed(digits)).padStart(width)
}
