import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { CoreTraffic } from '../../../src/actors/open-cluster.js'
import { createTrainingDisplay } from '../../../src/cli/train/create-training-display.js'
import type { EpochRecord } from '../../../src/cli/train/epoch-record.js'
import { formatTraffic } from '../../../src/cli/train/traffic-table.js'
import type { TrainingDisplay } from '../../../src/cli/train/training-display.js'
import { trafficSplit } from '../../support/link-traffic.js'

const RECORD: EpochRecord = {
  epoch: 2,
  loss: 0.12345,
  trainAccuracy: 0.987,
  validationAccuracy: 0.5,
  silentFraction: 0.031,
  silentLabelFraction: 0,
  grazing: 0,
  samplesPerSecond: 1234.5,
  cpuSecondsPerSample: 1e-3,
}
const STEP = { epoch: 2, epochs: 12, step: 3, steps: 4, samples: 96, loss: 0.5, gradientNorm: 1, learningRate: 0.1 }
const LINE = 'epoch  2/12  loss 0.1235 train  98.7% val  50.0% silent   3.1%  1235/s\n'

const FLOW = { spikes: 12, gradientEvents: 0, messages: 3, bytes: 345, split: trafficSplit({ spikes: 12 }) }
const LINKS: readonly CoreTraffic[] = [{ core: 0, peer: 1, sent: FLOW, received: { ...FLOW, bytes: 678 } }]

function oneEpoch(display: TrainingDisplay): void {
  display.step(STEP)
  display.epoch(RECORD)
}

function watch(json: boolean, isScreen: boolean, show: (display: TrainingDisplay) => void = oneEpoch) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 })
  let err = ''
  const terminal = {
    out: () => expect.fail('The display must not touch stdout.'),
    err: (text: string) => {
      err += text
    },
    screen: isScreen ? (stream as unknown as NodeJS.WriteStream) : null,
  }
  const display = createTrainingDisplay(terminal, { epochs: 12, json, seconds: () => 0 })
  show(display)
  display.close()
  return { err, screen: String(stream.read() ?? '') }
}

describe('where nobody watches', () => {
  test('an epoch is one line', () => {
    expect(watch(false, false)).toEqual({ err: LINE, screen: '' })
  })

  test('an epoch with a spike budget tells what was found', () => {
    const spikeBudget = { hidden: { target: 1.5, spikes: 1.5234, strength: 3.71e-5 } }
    const { err } = watch(false, false, (display) => display.epoch({ ...RECORD, spikeBudget }))
    expect(err).toBe(LINE.replace('3.1%', '3.1% hidden  1.52 of 1.5 spikes by 3.7e-5'))
  })

  test('advice stands below its epoch, and once as long as it lasts', () => {
    const sick = (epoch: number, share: number) => ({
      ...RECORD,
      epoch,
      advice: [`hidden: ${share} % of neurons never spike; x.`, ...(epoch === 3 ? ['out: y.'] : [])],
    })
    const { err } = watch(false, false, (display) => {
      for (const [epoch, share] of [
        [2, 62],
        [3, 61],
      ] as const)
        display.epoch(sick(epoch, share))
      display.epoch({ ...RECORD, epoch: 4 })
      display.epoch(sick(5, 60))
    })
    const lines = err.split('\n').filter((line) => line.startsWith('  '))
    expect(lines).toEqual([
      '  hidden: 62 % of neurons never spike; x.',
      '  out: y.',
      '  hidden: 60 % of neurons never spike; x.',
    ])
    expect(watch(true, false, (display) => display.epoch(sick(2, 62))).err).toBe('')
  })

  test('nothing repeats what stdout carries as JSON', () => {
    expect(watch(true, false)).toEqual({ err: '', screen: '' })
  })

  test.each([false, true])('what went over the links is a table at the end, json: %j', (json) => {
    const { err } = watch(json, false, (display) => {
      display.links([])
      oneEpoch(display)
      display.links(LINKS)
    })
    expect(err).toBe(`${json ? '' : LINE}${formatTraffic(LINKS)}`)
  })
})

describe('on a screen', () => {
  test.each([false, true])('an epoch is a bar that ends with its summary, json: %j', (json) => {
    const { err, screen } = watch(json, true)
    expect(err).toBe('')
    expect(screen).toContain('epoch  2/12 █████████░░░ ')
    expect(screen).toContain('loss 0.1235 train  98.7% val  50.0% silent   3.1%  1235/s')
    expect(screen).not.toContain('\u001b[?25l')
    expect(screen.endsWith('\n')).toBe(true)
  })

  test('advice moves up behind the line of its epoch, that of the last epoch at the end', () => {
    const { screen } = watch(false, true, (display) => {
      display.step(STEP)
      display.epoch({ ...RECORD, advice: ['hidden: 62 % of neurons never spike.'] })
      display.step({ ...STEP, epoch: 3, step: 1 })
      display.epoch({ ...RECORD, epoch: 3, advice: ['out: no unit ever spikes.'] })
    })
    const places = ['epoch  2/12 ████████████', 'hidden: 62 %', 'out: no unit'].map((text) => screen.indexOf(text))
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('what went over the links stands below the bar and is drawn anew', () => {
    const { err, screen } = watch(false, true, (display) => {
      display.step(STEP)
      display.links(LINKS)
      display.links([{ ...(LINKS[0] as CoreTraffic), sent: { ...FLOW, spikes: 4321 } }])
      display.epoch(RECORD)
    })
    expect(err).toBe('')
    const [bar, head, row] = screen.slice(screen.indexOf('epoch  2/12')).split('\n')
    expect(bar).toContain('loss 0.1235')
    expect(head).toMatch(/link +spikes -> +<- +gradient events -> +<- +bytes -> +<-/)
    expect(row).toMatch(/core 0 - core 1 +4321 +12 +0 +0 +345 +678/)
  })

  test('an epoch that is done stays above the next one', () => {
    const { screen } = watch(false, true, (display) => {
      oneEpoch(display)
      display.step({ ...STEP, epoch: 3, step: 1 })
      display.epoch({ ...RECORD, epoch: 3, loss: 0.02 })
    })
    expect(screen).toContain('epoch  2/12 ████████████ loss 0.1235 train  98.7% val  50.0% silent   3.1%  1235/s\n')
    expect(screen.slice(screen.indexOf('epoch  3/12'))).toMatch(/^epoch {2}3\/12 ███░{9} loss 0.0200/)
  })

  test.each([
    ['train      - val      - silent      -', {}],
    ['off      - ms silent      -', { timingError: 0.125, missedTargets: 0 }],
  ])('an epoch that runs tells no result of the one before: %s', (unknown, timing) => {
    const { screen } = watch(false, true, (display) => {
      display.step(STEP)
      display.epoch({ ...RECORD, ...timing })
      display.step({ ...STEP, epoch: 3, step: 1 })
    })
    expect(screen.slice(screen.indexOf('epoch  3/12'))).toContain(`loss 0.5000 ${unknown}`)
  })

  test('links that reply too late are not shown', () => {
    const { screen } = watch(false, true, (display) => {
      oneEpoch(display)
      display.close()
      display.links(LINKS)
    })
    expect(screen).not.toContain('link')
  })
})
