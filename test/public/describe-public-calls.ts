import { afterAll, describe, expect, test } from 'vitest'
import * as files from '../../src/data/files/index.js'
import * as data from '../../src/data/index.js'
import * as numerics from '../../src/data/numerics/index.js'
import * as hardware from '../../src/hardware/index.js'
import * as antidrome from '../../src/index.js'
import * as storage from '../../src/storage/index.js'
import * as testing from '../../src/testing/index.js'
import { type Callable, describeCall } from './describe-call.js'
import type { PublicCall } from './public-call.js'
import { PUBLIC_CALLS, SESSION_CALLS, TRAINING_STEP } from './public-calls.js'
import { closeRecordings, NETWORK, PLACEMENT } from './public-fixtures.js'

const ENTRIES: Readonly<Record<keyof typeof PUBLIC_CALLS, object>> = {
  ...{ index: antidrome, data, 'data/files': files, hardware, storage, testing, numerics },
}

/** The functions that a part of the package exports; classes are not called. */
export function functionsOf(entry: object): Readonly<Record<string, Callable>> {
  const functions = Object.entries(entry).filter(
    ([, value]) => typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value)),
  )
  return Object.fromEntries(functions) as Record<string, Callable>
}

const SESSIONS = {
  open: () => antidrome.open(NETWORK),
  openCluster: () => antidrome.openCluster(NETWORK, PLACEMENT, { transport: 'local' }),
  openSurrogate: () => antidrome.openSurrogate(NETWORK),
}

/** Tests of all functions and methods; the arguments of one in so many are spoilt in every way. */
export function describePublicCalls(oneIn: number): void {
  let calls = 0
  const isSpoilt = () => calls++ % oneIn === 0

  afterAll(closeRecordings)

  describe.each(Object.entries(ENTRIES))('antidrome/%s', (name, entry) => {
    const known: Readonly<Record<string, PublicCall>> = PUBLIC_CALLS[name as keyof typeof PUBLIC_CALLS]

    test('has no function that is not in the table', () => {
      expect(Object.keys(functionsOf(entry)).sort()).toEqual(Object.keys(known).sort())
    })

    describe.each(Object.entries(functionsOf(entry)).filter(([each]) => known[each] !== undefined))(
      '%s',
      (each, work) => {
        describeCall(work, known[each] as PublicCall, isSpoilt())
      },
    )
  })

  describe.each(Object.entries(SESSIONS))('a session of %s', (name, opened) => {
    const session = Promise.resolve(opened()) as Promise<unknown> as Promise<Record<string, Callable>>
    afterAll(async () => (await session).close?.())

    // On a grid of time nothing is streamed, or watched; only what computes elsewhere takes steps ahead.
    const absent = [
      ...(name === 'openSurrogate' ? ['stream', 'spikes$', 'gradients$', 'voltages'] : []),
      ...(name === 'openCluster' ? [] : ['trainAhead']),
    ]
    const names = Object.keys(SESSION_CALLS).filter((method) => !absent.includes(method))
    describe.each(names)('%s', (method) => {
      const work: Callable = async (...args) => {
        const { [method]: call, train } = await session
        // It refuses to follow a step that was not taken.
        if (method === 'trainAhead') await train?.(...(await TRAINING_STEP.args()))
        return call?.(...args)
      }
      describeCall(work, SESSION_CALLS[method] as PublicCall, isSpoilt())
    })

    test('has no method with arguments that is not in the table', async () => {
      const methods = Object.entries(await session).filter(([, value]) => typeof value === 'function')
      const named = [...Object.keys(SESSION_CALLS), 'close', 'parameters', 'save', 'memoryTraffic']
      const plain = ['traffic', 'kernelSeconds', 'metrics', 'trace']
      expect(methods.map(([each]) => each).filter((each) => ![...named, ...plain].includes(each))).toEqual([])
    })
  })
}
