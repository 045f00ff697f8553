import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { RunError } from '../../../src/events/errors.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { defineLoss, firstSpike, vMax } from '../../../src/learning/define-loss.js'
import type { Loss, LossDefinition, LossResult } from '../../../src/learning/loss.js'
import { readLoss } from '../../../src/learning/read-loss.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { trainingIdentity } from '../../../src/learning/training-identity.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { isLong } from '../../support/cases-of.js'
import { courseWith, OWN_LOSS_NETWORK, OWN_LOSS_TRIALS } from '../../support/own-loss-network.js'
import { apart, areas, levels, ownFirstSpike, ownVMax } from '../../support/own-losses.js'
import { differenceOfBits, expectSameBits } from '../../support/same-bits.js'
import { raceTask } from '../linear-race.js'

const COPIES: readonly (readonly [copy: Loss, original: Loss])[] = [
  [ownVMax.on('read'), vMax('read')],
  [ownFirstSpike().on('out'), firstSpike('out')],
  [ownFirstSpike({ alpha: 0, tau0: 2 }).on('out'), firstSpike('out', { alpha: 0, tau0: 2 })],
]

const openOn = (cores: number) => open(OWN_LOSS_NETWORK, { seed: 3, placement: placeOnCores(OWN_LOSS_NETWORK, cores) })

describe('a copy of a loss of this package', () => {
  test.each(COPIES)('has its bits on any placement: $name', async (copy, original) => {
    const expected = await courseWith(await openOn(1), original)
    expect(expected.gradient.losses.some((loss) => loss !== null)).toBe(true)
    for (const cores of isLong() ? [1, 2, 4] : [4])
      expectSameBits(await courseWith(await openOn(cores), copy), expected)
  })

  test.each(COPIES)('has its bits on a grid of time: $name', async (copy, original) => {
    const opened = () => openSurrogate(OWN_LOSS_NETWORK, { seed: 3, dt: 0.5 })
    const rates = { weights: 0.01, delays: 0.01, thresholds: 0.001 }
    expectSameBits(await courseWith(opened(), copy, rates), await courseWith(opened(), original, rates))
  })
})

test.each([apart.on('out'), levels.on('read'), areas.on('read')])(
  'a new one has the same bits on any placement: $name',
  async (loss) => {
    const expected = await courseWith(await openOn(1), loss)
    const { weights } = expected.gradient.gradients.projections['in->hidden']!
    expect(weights.some((slope) => slope !== 0)).toBe(true)
    for (const cores of isLong() ? [2, 4] : [2]) expectSameBits(await courseWith(await openOn(cores), loss), expected)
  },
)

describe('what a loss does to its view', () => {
  const vandal = (definition: LossDefinition): LossDefinition =>
    ({
      ...definition,
      evaluate(view: never) {
        const found = (definition.evaluate as (view: unknown) => LossResult)(structuredClone(view))
        for (const value of Object.values<unknown>(view)) if (ArrayBuffer.isView(value)) (value as Float64Array).fill(7)
        return found
      },
    }) as LossDefinition

  test.each([apart.on('out'), levels.on('read'), areas.on('read')])('reaches nobody: $name', async (loss) => {
    const { kind: _, group, ...definition } = loss
    const spoiling = defineLoss(vandal(definition)).on(group)
    for (const cores of [1, 2])
      expectSameBits(await courseWith(await openOn(cores), spoiling), await courseWith(await openOn(cores), loss))
    const grid = () => openSurrogate(OWN_LOSS_NETWORK, { seed: 3, dt: 0.5 })
    expectSameBits(await courseWith(grid(), spoiling), await courseWith(grid(), loss))
  })

  test('nor does what it returns, once it has', async () => {
    const kept: Float64Array[] = []
    const keeping = defineLoss({
      name: 'keeping',
      observes: 'maxima',
      evaluate({ maxima }) {
        // Whatever was returned before is spoilt.
        for (const gradients of kept) gradients.fill(Number.NaN)
        kept.push(maxima.slice())
        return { loss: 1, gradients: kept.at(-1)! }
      },
    })
    const { gradient } = await courseWith(await openOn(2), keeping.on('read'))
    expect(gradient.gradients.projections['hidden->read']!.weights.every(Number.isFinite)).toBe(true)
  })
})

test('a trial is shown as it is', async () => {
  const seen: unknown[] = []
  const watching = defineLoss({
    name: 'watching',
    observes: 'spikes',
    evaluate(view) {
      seen.push(view)
      return { loss: null }
    },
  })
  const session = await openOn(2)
  const { losses, recording } = await session.gradient(OWN_LOSS_TRIALS, watching.on('out'))
  await session.evaluate(OWN_LOSS_TRIALS, watching.on('out'))
  await session.close()
  const { offsets, times, units } = recording.spikes.out!
  const expected = [0, 1, 2].map((trial) => {
    const [from, to] = [offsets[trial], offsets[trial + 1]]
    return { times: times.slice(from, to), units: units.slice(from, to), label: null, size: 34, until: 50 }
  })
  expect(losses).toEqual([null, null, null])
  expect(seen.slice(0, 3)).toEqual(expected)
  expect(seen.slice(3).map((view) => (view as { label: number }).label)).toEqual([0, 33, 1])
})

/** Whatever is done with it throws. */
function biting<Kind extends object>(target: Kind): never {
  const bite = () => {
    throw new Error('evil')
  }
  return new Proxy(target, { get: bite, getPrototypeOf: bite }) as never
}

let course: ReturnType<typeof courseWith> | undefined
/** Of a loss that does nothing wrong. */
async function plainCourse() {
  course ??= courseWith(await openOn(1), vMax('read'))
  return await course
}

describe('what a loss returns is refused with its name and the trial', () => {
  const returns = (result: unknown) => () => result as LossResult
  const zeros = new Float64Array(34)
  test.each<[found: string, expected: string, evaluate: () => LossResult]>([
    ['33 gradients', '34, one per unit', returns({ loss: 1, gradients: new Float64Array(33) })],
    ['no gradients', '34, one per unit', returns({ loss: 1 })],
    ['the gradients "none"', '34, one per unit', returns({ loss: 1, gradients: 'none' })],
    ['gradients[3] = NaN', 'a finite number', returns({ loss: 1, gradients: zeros.with(3, Number.NaN) })],
    ['gradients[3] = Infinity', 'a finite number', returns({ loss: 1, gradients: zeros.with(3, Infinity) })],
    ['gradients[0] = nothing', 'a finite number', returns({ loss: 1, gradients: new Array(34) })],
    ['gradients[2] = 5, of the loss null', 'no derivatives', returns({ loss: null, gradients: zeros.with(2, 5) })],
    ['the loss NaN', 'a finite number, or null', returns({ loss: Number.NaN, gradients: zeros })],
    ['the loss Infinity', 'a finite number, or null', returns({ loss: Infinity, gradients: zeros })],
    ['the loss "1"', 'a finite number, or null', returns({ loss: '1', gradients: zeros })],
    ['the loss nothing', 'a finite number, or null', returns({ gradients: zeros })],
    [
      'the prediction 34',
      'null, or a whole number from 0 to 33',
      returns({ loss: 1, prediction: 34, gradients: zeros }),
    ],
    [
      'the prediction -1',
      'null, or a whole number from 0 to 33',
      returns({ loss: 1, prediction: -1, gradients: zeros }),
    ],
    [
      'the prediction 0.5',
      'null, or a whole number from 0 to 33',
      returns({ loss: 1, prediction: 0.5, gradients: zeros }),
    ],
    ['a promise', 'a loss and its derivatives, at once', () => Promise.reject(new Error('late')) as never],
    ['nothing', 'an object { loss, gradients }', returns(undefined)],
    ['null', 'an object { loss, gradients }', returns(null)],
    [
      'the error TypeError: no such field',
      'a loss and its derivatives',
      () => ({
        loss: 1,
        get gradients(): Float64Array {
          throw new TypeError('no such field')
        },
      }),
    ],
    [
      'the error TypeError: no such thing',
      'a loss and its derivatives',
      () => {
        throw new TypeError('no such thing')
      },
    ],
    [
      'the error "words"',
      'a loss and its derivatives',
      () => {
        throw 'words'
      },
    ],
    [
      'the error something that cannot be looked at',
      'a loss and its derivatives',
      () => {
        throw biting({})
      },
    ],
    ['the error Error: evil', 'a loss and its derivatives', () => biting({})],
    ['the error Error: evil', 'a loss and its derivatives', () => ({ loss: 1, gradients: biting([]) })],
    [
      'the gradients an object that cannot be looked at',
      '34, one per unit',
      () => ({ loss: 1, gradients: biting({}) }),
    ],
  ])('%s', async (found, wanted, evaluate) => {
    let calls = 0
    const bad = defineLoss({
      name: 'bad',
      observes: 'maxima',
      labels: 'unit',
      evaluate: () => (++calls === 2 ? evaluate() : { loss: 1, gradients: zeros }),
    }).on('read')
    const message = `The loss "bad" of group "read" in trial 1: found ${found}, expected ${wanted}.`
    const details = { loss: 'bad', group: 'read', trial: 1, found, expected: wanted }
    const failing = { code: 'LOSS_FAILED', message, details }
    const grid = openSurrogate(OWN_LOSS_NETWORK, { seed: 3, dt: 1 })
    await expect(grid.gradient(OWN_LOSS_TRIALS, bad, OWN_LOSS_TRIALS.labels)).rejects.toMatchObject(failing)
    await grid.close()
    calls = 0
    const session = await openOn(4)
    await expect(session.gradient(OWN_LOSS_TRIALS, bad, OWN_LOSS_TRIALS.labels)).rejects.toMatchObject(failing)
    calls = 0
    const error = await session.evaluate(OWN_LOSS_TRIALS, bad).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RunError)
    // The run is over for everybody, and the session goes on.
    expectSameBits(await courseWith(session, vMax('read')), await plainCourse())
  })
})

describe('a definition is refused', () => {
  const evaluate = () => ({ loss: 0 })
  test.each([
    [{}, 'FIELD_MISSING', 'definition.observes'],
    [null, 'FIELD_TYPE', 'definition'],
    [{ observes: 'spikes', evaluate }, 'FIELD_MISSING', 'definition.name'],
    [{ name: 'a b', observes: 'spikes', evaluate }, 'NAME_INVALID', 'definition.name'],
    [{ name: 'a', observes: 'voltages', evaluate }, 'OPTION_OUT_OF_RANGE', 'definition.observes'],
    [{ name: 'a', observes: 'spikes' }, 'FIELD_MISSING', 'definition.evaluate'],
    [{ name: 'a', observes: 'spikes', evaluate: 3 }, 'FIELD_TYPE', 'definition.evaluate'],
    [{ name: 'a', observes: 'spikes', evaluate, evaluateOnGrid: 3 }, 'FIELD_TYPE', 'definition.evaluateOnGrid'],
    [{ name: 'a', observes: 'spikes', evaluate, labels: 'units' }, 'OPTION_OUT_OF_RANGE', 'definition.labels'],
    [{ name: 'a', observes: 'spikes', evaluate, tau: 3 }, 'FIELD_UNKNOWN', 'definition.tau'],
    [{ name: 'a', observes: 'integral', evaluate, tau: 0 }, 'TIME_CONSTANT_NOT_POSITIVE', 'definition.tau'],
    [{ name: 'a', observes: 'maxima', evaluate, evalute: 1 }, 'FIELD_UNKNOWN', 'definition.evalute'],
  ])('%j', (given, code, field) => {
    expect(mistakeOf(() => defineLoss(given as never))).toEqual({ code, field })
  })

  test('without a group where a group is needed', async () => {
    expect(mistakeOf(() => readLoss(levels as never))).toEqual({ code: 'LOSS_WITHOUT_GROUP', field: 'loss' })
    const session = await openOn(1)
    await expect(session.gradient(OWN_LOSS_TRIALS, levels.on('out'))).rejects.toMatchObject({ code: 'LOSS_GROUP' })
    await expect(session.gradient(OWN_LOSS_TRIALS, ownVMax.on('read'))).rejects.toMatchObject({
      code: 'LOSS_LABEL_MISSING',
    })
    const endless = defineLoss({ name: 'endless', observes: 'integral', evaluate: () => ({ loss: 0 }) }).on('read')
    const trials = { ...OWN_LOSS_TRIALS, until: Infinity }
    await expect(session.gradient(trials, endless)).rejects.toMatchObject({ code: 'LOSS_WITHOUT_END' })
    await session.close()
  })
})

describe('on a grid of time', () => {
  test('a loss may say itself what its derivatives are', async () => {
    const views: { readonly voltages?: Float64Array; readonly times?: Float64Array }[] = []
    const own = defineLoss({
      name: 'meanVoltage',
      observes: 'maxima',
      evaluate: ({ maxima }) => ({ loss: 0, gradients: maxima.map(() => 1) }),
      evaluateOnGrid(view) {
        views.push(view)
        const { voltages, size, steps } = view
        const loss = voltages.reduce((sum, voltage) => sum + voltage, 0) / steps
        return { loss, gradients: new Float64Array(size * steps).fill(1 / steps) }
      },
    }).on('read')
    const areaOf = defineLoss({
      name: 'area',
      observes: 'integral',
      evaluate: ({ integrals }) => ({
        loss: integrals.reduce((sum, each) => sum + each, 0) / 64,
        gradients: integrals.map(() => 1 / 64),
      }),
    }).on('read')
    const trials = { ...OWN_LOSS_TRIALS, until: 64 }
    const [one, other] = [1, 2].map(() => openSurrogate(OWN_LOSS_NETWORK, { seed: 3, dt: 1 }))
    const [direct, shared] = [await one!.gradient(trials, own), await other!.gradient(trials, areaOf)]
    expect(views[0]).toMatchObject({ dt: 1, steps: 64, slope: one!.slope, size: 34, until: 64 })
    // With a step of 1 ms both are the same sum, up to the order of its terms.
    for (const [trial, loss] of direct.losses.entries()) expect(loss).toBeCloseTo(shared.losses[trial]!, 10)
    expect(differenceOfBits(direct.gradients, shared.gradients)).toBeNull()
    await one!.close()
    await other!.close()
  })

  test('derivatives are one per unit and point', async () => {
    const session = openSurrogate(OWN_LOSS_NETWORK, { dt: 1 })
    const bad = defineLoss({
      name: 'short',
      observes: 'spikes',
      evaluate: () => ({ loss: null }),
      evaluateOnGrid: () => ({ loss: 1, gradients: [1] }),
    })
    await expect(session.gradient(OWN_LOSS_TRIALS, bad.on('out'))).rejects.toMatchObject({
      code: 'LOSS_FAILED',
      details: { found: '1 gradients', expected: '1700, one per unit and point', trial: 0 },
    })
    await session.close()
  })
})

test('checkpoints know a loss by its name, by what it observes and, from a module, by its code and options', () => {
  const task = raceTask({ train: 4, validation: 2 })
  const options = { optimizer: { kind: { kind: 'sgd', momentum: 0 }, learningRate: 0.1 }, epochs: 1 } as const
  const identity = (loss: Loss) => trainingIdentity(task.network, task, { ...options, loss }).loss
  const module = (options: object, hash = 'aa') => ({
    module: 'file:///x/a.js',
    name: 'a.js',
    export: 'createLoss',
    options,
    hash,
  })
  const own = apart.on('output')
  expect(identity(own)).toBe('{"kind":"own","group":"output","name":"apart","observes":"spikes","labels":"any"}')
  const all = [{ x: 1 }, { x: 2 }].flatMap((given) => [module(given), module(given, 'bb')])
  const texts = all.map((from) => identity({ ...own, module: from } as Loss))
  expect(new Set([...texts, identity(own)]).size).toBe(5)
  expect(identity({ ...own, module: { ...all[0]!, module: 'file:///y/a.js' } } as Loss)).toBe(texts[0])
})

test.each([undefined, 3, Symbol('out'), { name: 'out' }])('is put on a group by its name, and not by %s', (group) => {
  const loss = defineLoss({ name: 'none', observes: 'spikes', evaluate: () => ({ loss: null }) })
  expect(mistakeOf(() => loss.on(group as never))).toMatchObject({
    code: expect.stringMatching(/^FIELD_/),
    field: 'group',
  })
})
