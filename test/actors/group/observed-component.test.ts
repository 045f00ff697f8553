import { expect, test } from 'vitest'
import {
  aroundEveryVerb,
  type ComponentObserver,
  type ComponentVerb,
  observedComponent,
} from '../../../src/actors/group/observed-component.js'
import { type ComponentKernel, createSingleKernel } from '../../../src/dynamics/kernels/component-kernel.js'
import { kernelOfGroup } from '../../../src/dynamics/kernels/kernel-of-group.js'
import { EXPLICIT } from '../../../src/dynamics/kernels/returned-events.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { constant } from '../../../src/network/description/initializers.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'

const NETWORK = defineNetwork({
  groups: { input: source(1), out: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('input', 'out', dense(constant(9)), { delay: 1 })],
})

const component = () => createSingleKernel(kernelOfGroup(instantiate(NETWORK, 0), 'out'))

const VERBS: readonly ComponentVerb[] = ['begin', 'receive', 'advance', 'beginBackward', 'backward', 'takeReturned']

/** One trial forward and backward; returns what came of it. */
function pass(run: ComponentKernel) {
  const options = { trials: 1, until: 20, whole: true, gradients: true, stopAfterFirst: false, trackSilent: false }
  run.begin(() => ({ ...options, undefinedSlope: 'refuse', beat: () => undefined }))
  run.receive(0, {
    stream: 'input',
    sequence: 0,
    window: { start: 0, end: 20 },
    offsets: Uint32Array.of(0, 1),
    times: Float64Array.of(2),
    units: Uint32Array.of(0),
  })
  const [trains] = run.advance(run.reach(20))
  run.beginBackward([null])
  run.backward([[{ ...EXPLICIT, values: new Float64Array(trains?.times.length ?? 0).fill(1) }]])
  return { trains, returned: run.takeReturned() }
}

test('whoever is around every verb sees each once, in its order, and changes nothing', () => {
  const seen: ComponentVerb[] = []
  const observer = aroundEveryVerb((verb) => (work) => {
    seen.push(verb)
    return work()
  })
  const expected = pass(component())
  expect(expected.trains?.times.length).toBeGreaterThan(0)
  expect(pass(observedComponent(component(), [observer]))).toEqual(expected)
  expect(seen).toEqual(VERBS)
})

test('of a verb an observer sees what it is given and what comes of it, also when it raises', () => {
  const seen: unknown[] = []
  const observer: ComponentObserver = {
    receive(work, input, { times }) {
      seen.push([input, ...times])
      work()
    },
    advance(work, horizon) {
      const trains = work()
      seen.push([horizon, trains])
      return trains
    },
    backward(work) {
      try {
        work()
      } finally {
        seen.push('backward')
      }
    },
  }
  const observed = observedComponent(component(), [observer])
  const { trains } = pass(observed)
  expect(seen).toEqual([[0, 2], [20, [trains]], 'backward'])
  expect(() => observed.backward([])).toThrow()
  expect(seen).toHaveLength(4)
})

test('of several observers the first is the innermost, and each is called once per verb', () => {
  const seen: string[] = []
  const named = (name: string): ComponentObserver => ({
    receive(work) {
      seen.push(`${name} before`)
      work()
      seen.push(`${name} after`)
    },
  })
  const expected = pass(component())
  const silent: ComponentObserver = {}
  expect(pass(observedComponent(component(), [named('timer'), silent, named('meter')]))).toEqual(expected)
  expect(seen).toEqual(['meter before', 'timer before', 'timer after', 'meter after'])
})
