import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { EpochRecord } from '../../src/cli/epoch-record.js'
import { createTrainingDisplay } from '../../src/cli/training-display.js'

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

function watch(json: boolean, isScreen: boolean) {
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
  display.step(STEP)
  display.epoch(RECORD)
  display.close()
  return { err, screen: String(stream.read() ?? '') }
}

describe('where nobody watches', () => {
  test('an epoch is one line', () => {
    expect(watch(false, false)).toEqual({ err: LINE, screen: '' })
  })

  test('nothing repeats what stdout carries as JSON', () => {
    expect(watch(true, false)).toEqual({ err: '', screen: '' })
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
})
