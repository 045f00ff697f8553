import { MultiBar, type SingleBar } from 'cli-progress'
import type { CoreTraffic } from '../../actors/open-cluster.js'
import { shown } from '../shown.js'
import type { Terminal } from '../terminal.js'
import type { EpochRecord } from './epoch-record.js'
import { epochSummary, epochTitle, NOTHING_YET } from './epoch-summary.js'
import { createNewAdvice } from './new-advice.js'
import { formatTraffic } from './traffic-table.js'
import type { TrainingDisplay } from './training-display.js'

const BAR_SIZE = 12

const COMPLETE = '█'

/**
 * A bar for the epoch in progress, the epochs that are done above it, and the links between cores below.
 *
 * @param seconds a clock with any origin
 */
function createTrainingBars(screen: NodeJS.WriteStream, epochs: number, seconds: () => number): TrainingDisplay {
  const bars = new MultiBar({
    stream: screen,
    format: '{title} {bar} {summary}',
    barsize: BAR_SIZE,
    barCompleteChar: COMPLETE,
    barIncompleteChar: '░',
    fps: 8,
    // Lines that move up must be drawn again although they say the same.
    forceRedraw: true,
    // The cursor would stay hidden and the signal be swallowed when the run is interrupted.
    hideCursor: false,
    gracefulExit: false,
  })
  const below: SingleBar[] = []
  let bar: SingleBar | null = null
  let started = 0
  /** The last finished epoch; the results of the running one are not known yet. */
  let latest: EpochRecord | null = null
  let isClosed = false
  const newAdvice = createNewAdvice()
  /** What is wrong with the last epoch; it moves up behind its line. */
  let advice: readonly string[] = []

  function logAdvice(): void {
    for (const sentence of advice) bars.log(shown`  ${sentence}\n`)
    advice = []
  }

  function begin(epoch: number, steps: number): SingleBar {
    started = seconds()
    const payload = { title: epochTitle(epoch, epochs), summary: '' }
    if (bar === null) return bars.create(steps, 0, payload)
    if (latest !== null) bars.log(`${lineOf(latest, epochs)}\n`)
    logAdvice()
    bar.start(steps, 0, payload)
    return bar
  }

  return {
    step({ epoch, step, steps, samples, loss }) {
      if (bar === null || step === 1) bar = begin(epoch, steps)
      const samplesPerSecond = samples / (seconds() - started)
      const timed = latest?.timingError === undefined ? {} : { timingError: null }
      bar.update(step, { summary: epochSummary({ ...NOTHING_YET, ...timed, loss, samplesPerSecond }) })
    },
    epoch(record) {
      latest = record
      advice = newAdvice(record)
      bar?.update({ summary: epochSummary(record) })
    },
    links(traffic) {
      if (isClosed || bar === null || traffic.length === 0) return
      for (const [index, text] of formatTraffic(traffic).trimEnd().split('\n').entries()) {
        const line = below[index]
        if (line === undefined) below.push(bars.create(1, 0, { text }, { format: '{text}' }))
        else line.update({ text })
      }
    },
    close() {
      isClosed = true
      if (!bars.isActive) return
      logAdvice()
      // Lines that wait to move up would be lost.
      bars.update()
      bars.stop()
    },
  }
}

function lineOf(record: EpochRecord, epochs: number): string {
  return `${epochTitle(record.epoch, epochs)} ${COMPLETE.repeat(BAR_SIZE)} ${epochSummary(record)}`
}

/**
 * A bar where a person watches, with the links below; else a line per epoch, or nothing when stdout carries the same as
 * JSON, and the links at the end.
 *
 * @param seconds a clock with any origin
 */
export function createTrainingDisplay(
  terminal: Terminal,
  { epochs, json, seconds }: { readonly epochs: number; readonly json: boolean; readonly seconds: () => number },
): TrainingDisplay {
  if (terminal.screen !== null) return createTrainingBars(terminal.screen, epochs, seconds)
  let latest: readonly CoreTraffic[] = []
  const newAdvice = createNewAdvice()
  return {
    step: () => undefined,
    epoch(record) {
      if (json) return
      terminal.err(shown`${epochTitle(record.epoch, epochs)}  ${epochSummary(record)}\n`)
      for (const sentence of newAdvice(record)) terminal.err(shown`  ${sentence}\n`)
    },
    links(traffic) {
      latest = traffic
    },
    close() {
      if (latest.length > 0) terminal.err(formatTraffic(latest))
    },
  }
}
