import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { actor } from '../../../src/network/description/actor-group.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { failureOf } from '../../support/failure-of.js'
import { step } from '../small-networks.js'
import { moduleOf } from './relay-network.js'

function networkOf(breaks: string, gradients: 'through' | 'stop' = 'through') {
  return defineNetwork({
    groups: {
      in: source(1),
      own: actor(2, moduleOf('broken'), { breaks }, { gradients }),
      out: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    },
    projections: [
      connect('in', 'own', dense(1), { delay: 1 }),
      connect('in', 'out', dense(12), { name: 'beside' }),
      connect('own', 'out', dense(1), { delay: 1 }),
    ],
  })
}

const TRIALS = { count: 1, until: 20, inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) } }
const LOSS = { kind: 'spikeCount', group: 'out', tau: 20 } as const

test.each([
  ['early', 'ACTOR_BROKEN', 'advance'],
  ['late', 'ACTOR_BROKEN', 'advance'],
  ['disorder', 'ACTOR_BROKEN', 'advance'],
  ['unit order', 'ACTOR_BROKEN', 'advance'],
  ['unit', 'ACTOR_BROKEN', 'advance'],
  ['nan', 'ACTOR_BROKEN', 'advance'],
  ['counts', 'ACTOR_BROKEN', 'advance'],
  ['nothing', 'ACTOR_BROKEN', 'advance'],
  ['less than none', 'ACTOR_BROKEN', 'advance'],
  ['texts', 'ACTOR_BROKEN', 'advance'],
  ['promise', 'ACTOR_BROKEN', 'advance'],
  ['promised actor', 'ACTOR_BROKEN', 'createActor'],
  ['throw when read', 'ACTOR_THREW', 'advance'],
  ['throw', 'ACTOR_THREW', 'advance'],
  ['throw text', 'ACTOR_THREW', 'advance'],
  ['throw nothing known', 'ACTOR_THREW', 'advance'],
  ['throw what bites', 'ACTOR_THREW', 'advance'],
  ['throw a book', 'ACTOR_THREW', 'advance'],
  ['throw when counted', 'ACTOR_THREW', 'advance'],
  ['verb that bites', 'ACTOR_THREW', 'advance'],
  ['actor that bites', 'ACTOR_THREW', 'createActor'],
  ['creation', 'ACTOR_THREW', 'createActor'],
  ['no object', 'ACTOR_BROKEN', 'createActor'],
  ['no advance', 'MODULE_EXPORT', 'advance'],
  ['no function', 'MODULE_EXPORT', 'backward'],
  ['a number to advance', 'MODULE_EXPORT', 'advance'],
])('a module that breaks "%s" ends the run with %s, and the session goes on', async (breaks, code, verb) => {
  const network = networkOf(breaks)
  for (const cores of [1, 2]) {
    await using session = await open(network, { placement: placeOnCores(network, cores) })
    const error = await failureOf(session.simulate(TRIALS))
    expect(error.code).toBe(code)
    expect(error.details).toMatchObject({ group: 'own', verb, module: moduleOf('broken').href, time: 0 })
    // Nothing of the run is left.
    expect((await failureOf(session.simulate(TRIALS))).code).toBe(code)
  }
})

test('what stands in the place of a verb is told', async () => {
  await using session = await open(networkOf('a number to advance'))
  const { message } = await failureOf(session.simulate(TRIALS))
  expect(message).toContain('The actor "own" has 3 as its advance, and no function')
})

test('an error message as long as a book is cut, and what cannot be looked at is told as such', async () => {
  await using book = await open(networkOf('throw a book'))
  const { message } = await failureOf(book.simulate(TRIALS))
  expect(message.length).toBeLessThan(3000)
  expect(message).toContain('characters more)')
  await using bite = await open(networkOf('throw what bites'))
  expect((await failureOf(bite.simulate(TRIALS))).message).toContain('something that cannot be looked at')
})

test('gradients that are texts are told as such', async () => {
  await using session = await open(networkOf('numbers as texts'))
  const { message } = await failureOf(session.gradient(TRIALS, LOSS, Uint8Array.of(0)))
  expect(message).toContain('found "1.09" as times[0]')
})

test.each(['few', 'infinite', 'no answer', 'numbers as texts'])(
  'and so does one whose way back breaks "%s"',
  async (breaks) => {
    await using session = await open(networkOf(breaks))
    await session.simulate(TRIALS)
    const error = await failureOf(session.gradient(TRIALS, LOSS, Uint8Array.of(0)))
    expect(error.code).toBe('ACTOR_BROKEN')
    expect(error.details).toMatchObject({ group: 'own', verb: 'backward' })
    await session.simulate(TRIALS)
  },
)

test('gradients that are finite, and whose sum over the trials is not, are refused by gradient and in training', async () => {
  const train = trainsOf([[{ time: 1, unit: 0 }], [{ time: 1, unit: 0 }]])
  const trials = { count: 2, until: 20, inputs: { in: train }, labels: Uint8Array.of(0, 0) }
  for (const cores of [1, 2]) {
    const network = networkOf('huge')
    await using session = await open(network, { placement: placeOnCores(network, cores) })
    const error = await failureOf(session.gradient(trials, LOSS, trials.labels))
    expect(error.code).toBe('GRADIENT_OVERFLOW')
    expect(error.details).toMatchObject({ projection: 'in->own', array: 'weights', entry: 0 })
    const failed = await failureOf(session.train(trials, step({ loss: LOSS, rates: { weights: 0.1 } })))
    expect(failed.code).toBe('GRADIENT_NOT_FINITE')
    expect(failed.message).toContain('beyond the range of a double. Too large is that by the weights of "own".')
  }
})

test('a way back that throws when it is looked at is named', async () => {
  await using session = await open(networkOf('gradients that bite'))
  const error = await failureOf(session.gradient(TRIALS, LOSS, Uint8Array.of(0)))
  expect(error.code).toBe('ACTOR_THREW')
  expect(error.details).toMatchObject({ group: 'own', verb: 'backward' })
})

test.each([
  ['state of texts', 'ACTOR_BROKEN'],
  ['state of functions', 'ACTOR_BROKEN'],
  ['state later', 'ACTOR_BROKEN'],
  ['state in a map', 'ACTOR_BROKEN'],
  ['state in a date', 'ACTOR_BROKEN'],
  ['state in a list', 'ACTOR_BROKEN'],
  ['state of lists within lists', 'ACTOR_BROKEN'],
  ['state of lists as numbers', 'ACTOR_BROKEN'],
  ['state of truths', 'ACTOR_BROKEN'],
  ['state of a prototype', 'ACTOR_BROKEN'],
  ['state that bites', 'ACTOR_THREW'],
  ['state of what bites', 'ACTOR_THREW'],
])('%s is none to go on from', async (breaks, code) => {
  await using session = await open(networkOf(breaks))
  const stream = session.stream({ until: 20, segment: 10, inputs: TRIALS.inputs })
  const saving = async () => {
    for await (const _ of stream) await stream.saveState()
  }
  const error = await failureOf(saving())
  expect(error.code).toBe(code)
  expect(error.details).toMatchObject({ group: 'own', verb: 'saveState', time: 10 })
})

test('a gradient that would have to pass an actor without backward is refused by the name of the group', async () => {
  await using session = await open(networkOf('no backward'))
  const error = await failureOf(session.gradient(TRIALS, LOSS, Uint8Array.of(0)))
  expect(error.code).toBe('GRADIENT_UNDEFINED')
  expect(error.details.group).toBe('own')
  await session.simulate(TRIALS)
})

test('it stops where it is told to, and where the loss does not depend on the actor', async () => {
  await using stopped = await open(networkOf('no backward', 'stop'))
  const { gradients } = await stopped.gradient(TRIALS, LOSS, Uint8Array.of(0))
  expect(gradients.projections['in->own']!.weights).toEqual(Float64Array.of(0, 0))
  expect(gradients.projections.beside!.weights).not.toEqual(Float64Array.of(0, 0))
  const aside = defineNetwork({
    groups: {
      in: source(1),
      out: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }),
      own: actor(2, moduleOf('broken'), { breaks: 'no backward' }),
    },
    projections: [connect('in', 'out', dense(12)), connect('out', 'own', dense(1), { delay: 1 })],
  })
  await using session = await open(aside)
  const found = await session.gradient(TRIALS, LOSS, Uint8Array.of(0))
  expect(found.gradients.projections['out->own']!.weights).toEqual(new Float64Array(4))
  expect(found.gradients.projections['in->out']!.weights).toEqual(gradients.projections.beside!.weights)
  expect(found.gradients.groups).not.toHaveProperty('own')
})
