import { afterAll, describe, expect, test } from 'vitest'
import { CLOSED_FORM, createFiles, jsonLines, networkFile, run } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const network = files.write('closed-form.json', CLOSED_FORM)
const input = files.write('input.json', { input: { times: [2], units: [0] } })
const linear = files.write('linear.json', { kind: 'linear', group: 'out', coefficients: [1] })

async function gradientOf(file: string, ...flags: string[]) {
  const { code, out, err } = await run('gradient', file, '--json', ...flags)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const lines = jsonLines(out)
  expect(lines).toHaveLength(1)
  return lines[0] as {
    readonly loss: number | null
    readonly gradients: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    readonly inputTimes: Readonly<Record<string, number[]>>
  }
}

/** Every number within 12 digits; everything else equal. */
function near(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 12)
  if (Array.isArray(value)) return value.map(near)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, near(entry)]))
}

describe('gradient', () => {
  test('of the spike time of a neuron is that of its closed form', async () => {
    // t = 3 - 10 ln((1 + sqrt(1 - 4 threshold/w))/2), and V' is 0.1/ms at the crossing.
    // By the time constants: tauMem 10, tauSyn 5.
    const taus = { tauMem: 2 - 3 * Math.log(1.5), tauSyn: 8 * Math.log(1.5) - 4, tauAdapt: 0 }
    const bias = -10 * (1 - (2 / 3) * Math.exp(-0.3))
    expect(await gradientOf(network, '--input', input, '--loss', linear)).toEqual(
      near({
        loss: 3 + 10 * Math.log(1.5),
        spikes: { out: { times: [3 + 10 * Math.log(1.5)], units: [0] } },
        gradients: {
          'input->out': { weights: [[-20 / 9]], delays: 1 },
          out: { threshold: [10], adaptStep: [0], bias: [bias], ...taus },
        },
        inputTimes: { input: [1] },
        grazing: 0,
      }),
    )
  })

  test('has the shapes of the parameters', async () => {
    const leaky = { tauMem: 10, tauSyn: 5 }
    const shapes = files.write(
      'shapes.json',
      networkFile(
        [
          { name: 'in', kind: 'source', size: 2 },
          { name: 'idle', kind: 'source', size: 1 },
          { name: 'hidden', kind: 'lif', size: 3, threshold: 1, ...leaky, tauAdapt: [30, 40, 50] },
          { name: 'out', kind: 'li', size: 2, tauMem: 10, tauSynExc: [5, 6], tauSynInh: 7 },
        ],
        [
          {
            source: 'in',
            target: 'hidden',
            weights: [
              [4.5, null],
              [1, 2],
              [0, 3],
            ],
            delays: [
              [1, null],
              [1, 1],
              [1, 1],
            ],
          },
          { source: 'in', target: 'hidden', weights: 0.5, delays: [1, 2] },
          {
            source: 'in',
            target: 'hidden',
            name: 'listed',
            synapses: [
              [1, 2, 0.5, 1],
              [0, 0, 0.5, 2],
              [0, 0, 0.5, 3],
            ],
          },
          {
            source: 'hidden',
            target: 'out',
            weights: [
              [1, 1, 1],
              [1, 1, 1],
            ],
          },
          { source: 'idle', target: 'out', synapses: [[0, 1, 1]], delays: 0.5 },
        ],
      ),
    )
    const given = files.write('in.json', { in: { times: [0, 1, 1], units: [0, 1, 0] } })
    const loss = files.write('v-max.json', { kind: 'vMax', group: 'out', label: 1 })
    const { gradients, inputTimes } = await gradientOf(shapes, '--input', given, '--loss', loss)
    const n = expect.any(Number)
    expect(gradients).toEqual({
      'in->hidden': {
        weights: [
          [n, null],
          [n, n],
          [n, n],
        ],
        delays: [
          [n, null],
          [n, n],
          [n, n],
        ],
      },
      'in->hidden#2': {
        weights: [
          [n, n],
          [n, n],
          [n, n],
        ],
        delays: [n, n],
      },
      listed: { weights: [n, n, n], delays: [n, n, n] },
      'hidden->out': {
        weights: [
          [n, n, n],
          [n, n, n],
        ],
      },
      'idle->out': { weights: [n], delays: n },
      hidden: {
        threshold: [n, n, n],
        adaptStep: [n, n, n],
        bias: [n, n, n],
        tauMem: n,
        tauSyn: n,
        tauAdapt: [n, n, n],
      },
      out: { bias: [n, n], tauMem: n, tauSynExc: [n, n], tauSynInh: n },
    })
    expect(inputTimes).toEqual({ in: [n, n, n], idle: [] })
  })

  test('with respect to input times comes in the order of the file', async () => {
    const two = files.write(
      'two.json',
      networkFile(
        [
          { name: 'input', kind: 'source', size: 2 },
          { name: 'out', kind: 'lif', size: 2, tauMem: 10, tauSyn: 5, threshold: 1 },
        ],
        [
          {
            source: 'input',
            target: 'out',
            weights: [
              [4.5, 0],
              [0, 4.5],
            ],
          },
        ],
      ),
    )
    // Both spikes come at once, unit 0 first in event order, so its coefficient is 1.
    const loss = files.write('one-two.json', { kind: 'linear', group: 'out', coefficients: [1, 2] })
    for (const units of [
      [0, 1],
      [1, 0],
    ]) {
      const given = files.write('tie.json', { input: { times: [5, 5], units } })
      const { inputTimes } = await gradientOf(two, '--input', given, '--loss', loss)
      expect(inputTimes).toEqual(near({ input: units.map((unit) => unit + 1) }))
    }
  })

  test('of a silent label is zero, and says so', async () => {
    const loss = files.write('first.json', { kind: 'firstSpike', group: 'out', label: 0 })
    expect(await gradientOf(network, '--loss', loss)).toEqual({
      loss: null,
      labelSilent: true,
      spikes: { out: { times: [], units: [] } },
      gradients: {
        'input->out': { weights: [[0]], delays: 0 },
        out: { threshold: [0], adaptStep: [0], bias: [0], tauMem: 0, tauSyn: 0, tauAdapt: 0 },
      },
      inputTimes: { input: [] },
      grazing: 0,
    })
  })

  test('of an input after the end of the trial is zero', async () => {
    const late = files.write('late.json', { input: { times: [2, 50], units: [0, 0] } })
    const { inputTimes } = await gradientOf(network, '--input', late, '--loss', linear, '--until', '20')
    expect(inputTimes).toEqual(near({ input: [1, 0] }))
  })

  test('of a fading integral over voltages is that of its closed form, also without an end', async () => {
    const readout = files.write(
      'readout.json',
      networkFile(
        [
          { name: 'input', kind: 'source', size: 1 },
          { name: 'out', kind: 'li', size: 2, tauMem: 10, tauSyn: 5 },
        ],
        [{ source: 'input', target: 'out', weights: [[0.5], [1]], delays: 1 }],
      ),
    )
    const loss = files.write('integral.json', { kind: 'liIntegral', group: 'out', label: 0, tau: 20, scale: 0.5 })
    // An arrival at 3 ms: G = e^{-3/20} / (10 (1/10 + 1/20) (1/5 + 1/20)), which falls at the rate 1/20.
    const response = (0.5 * Math.exp(-0.15)) / (10 * 0.15 * 0.25)
    const share = 1 / (1 + Math.exp(-0.5 * response))
    const { gradients, inputTimes, loss: value } = await gradientOf(readout, '--input', input, '--loss', loss)
    expect(value).toBeCloseTo(-Math.log(1 - share), 12)
    expect(gradients['input->out']).toEqual(
      near({ weights: [[-share * response], [share * response]], delays: (-share * response * 0.5) / 20 }),
    )
    expect(inputTimes).toEqual(near({ input: [(-share * response * 0.5) / 20] }))
    const bias = 0.5 * (20 - 1 / 0.15) * share
    // Of the response by tauMem and tauSyn; the two readouts differ by half a response.
    const [tauMem, tauSyn] = [(-0.05 / 1.5) * response, (0.04 / 0.25) * response]
    const ofTaus = { tauMem: share * 0.5 * tauMem, tauSyn: share * 0.5 * tauSyn }
    expect(gradients.out).toEqual(near({ bias: [-bias, bias], ...ofTaus }))

    const plain = files.write('plain.json', { kind: 'liIntegral', group: 'out', label: 1 })
    const { err, code } = await run('gradient', readout, '--input', input, '--loss', plain)
    expect(code).toBe(2)
    expect(err).toContain('plain.json: loss.tau: found Infinity, in trials without an end')
    // In 2000 ms all charge, 5 ms long, has gone through the readouts.
    const whole = await gradientOf(readout, '--input', input, '--loss', plain, '--until', '2000')
    expect(whole.loss).toBeCloseTo(Math.log1p(Math.exp(-2.5)), 12)
  })

  test.each([
    ['vanRossum', (off: number) => [1 - Math.exp(-off / 8), Math.exp(-off / 8) / 8]],
    ['spikeTimes', (off: number) => [(off / 8) ** 2 / 2, off / 64]],
  ] as const)('of a target spike time by %s is that of its closed form', async (kind, expected) => {
    const targets = { times: [6], units: [0] }
    const loss = files.write(`${kind}.json`, { kind, group: 'out', tau: 8, targets })
    const [value, slope] = expected(10 * Math.log(1.5) - 3) as [number, number]
    const found = await gradientOf(network, '--input', input, '--loss', loss)
    expect(found.loss).toBeCloseTo(value, 12)
    expect(found.gradients.out!.threshold).toEqual([expect.closeTo(10 * slope, 12)])
    // A silent output is no closer to its target, whatever is moved a little.
    const silent = await gradientOf(network, '--loss', loss)
    expect(silent.loss).toBe(0.5)
    expect(silent.gradients.out!.threshold).toEqual([0])
  })

  test('without --json is summed up for the eye', async () => {
    const { out } = await run('gradient', network, '--input', input, '--loss', linear)
    expect(out).toContain('loss     7.0546510810816')
    expect(out).toContain('spikes   out 1')
    expect(out).toMatch(/input->out {2}weights +1 {2}-2\.2222222/)
    expect(out).toMatch(/input +input times +1 +1\.0000000/)
  })
})

test('a wrong number of coefficients is a mistake in the loss file', async () => {
  const loss = files.write('three.json', { kind: 'linear', group: 'out', coefficients: [1, 2, 3] })
  const { code, out, err } = await run('gradient', network, '--input', input, '--loss', loss, '--json')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`${loss}: coefficients: found 3 coefficients, expected 1`)
})

test('a loss on a group of the wrong kind is refused', async () => {
  const loss = files.write('wrong.json', { kind: 'vMax', group: 'out', label: 0 })
  const { code, err } = await run('gradient', network, '--loss', loss)
  expect(code).toBe(2)
  expect(err).toContain(`${loss}: group: found "out", which is of kind lif`)
})

const readouts = (size: number) => networkFile([{ name: 'out', kind: 'li', size, tauMem: 10, tauSyn: 5 }], [])

test('a label above 255 is that of its unit', async () => {
  const wide = files.write('wide.json', readouts(300))
  const loss = files.write('label.json', { kind: 'vMax', group: 'out', label: 299 })
  const { loss: value } = await gradientOf(wide, '--loss', loss, '--until', '5')
  expect(value).toBeCloseTo(Math.log(300), 12)
})

test('a label that no message can carry is refused, not cut down to sixteen bits', async () => {
  const wide = files.write('wide.json', readouts(65_537))
  const loss = files.write('label.json', { kind: 'vMax', group: 'out', label: 65_536 })
  const { code, err } = await run('gradient', wide, '--loss', loss)
  expect(code).toBe(2)
  expect(err).toContain('label: found 65536, expected at most 65535')
})
