import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { operatorOf } from './routed-cases.js'

const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 }
const SPIKES = { offsets: Uint32Array.of(0, 3), times: Float64Array.of(2, 12, 14), units: Uint32Array.of(0, 1, 0) }
const TRIALS = { count: 1, until: 30, inputs: { input: SPIKES } }

const networkWith = (options: Parameters<typeof operatorOf>[1], delay = 1) =>
  defineNetwork({
    groups: { input: source(2), out: lif(2, LEAKY) },
    projections: [
      connect('input', 'out', dense(1), { through: [operatorOf('broken.mjs', options)] }),
      connect('out', 'out', dense(0.1), { delay, through: [operatorOf('keep.mjs')] }),
    ],
  })

describe('a promise that is broken ends the run by name', () => {
  test.each([
    ['below least', 'OPERATOR_BROKEN', 12, /delays a spike by 0\.5 ms, and not by 1 ms or more/],
    ['negative', 'OPERATOR_BROKEN', 12, /delays a spike by -1 ms/],
    ['not a number', 'OPERATOR_BROKEN', 12, /delays a spike by NaN ms/],
    ['without end', 'OPERATOR_BROKEN', 12, /delays a spike by Infinity ms/],
    ['a slope that is none', 'OPERATOR_BROKEN', 12, /the slope of a spike is NaN/],
    ['too short', 'OPERATOR_BROKEN', 2, /extra is a Float64Array of 2, and no Float64Array of 3/],
    ['another kind', 'OPERATOR_BROKEN', 2, /extra is a Float32Array of 3/],
    ['a list', 'OPERATOR_BROKEN', 2, /extra is a list of 3/],
    ['keeps too many', 'OPERATOR_BROKEN', 2, /keep is an? \w+ of 4, and no Uint8Array of 3/],
    ['no delay where it promised one', 'OPERATOR_BROKEN', 2, /delays a spike by 0 ms/],
    ['nothing', 'OPERATOR_BROKEN', 2, /it returns nothing/],
    ['misspelt', 'OPERATOR_BROKEN', 2, /it answers "kep", and may answer keep, extra, slope alone/],
    ['another spike', 'OPERATOR_FAILED', 2, /there is no spike 99 in a batch of 3/],
    ['throws', 'OPERATOR_FAILED', 2, /it throws: no way to north/],
    ['throws when read', 'OPERATOR_FAILED', 2, /it throws: no way to look/],
    ['answers later', 'OPERATOR_BROKEN', 2, /it returns a promise, and no answer at once/],
    ['fails later', 'OPERATOR_BROKEN', 2, /it returns a promise, and no answer at once/],
    ['inherits from an array', 'OPERATOR_BROKEN', 2, /extra is a Float64Array, and no Float64Array of 3/],
    ['throws what bites', 'OPERATOR_FAILED', 2, /it throws: something that cannot be looked at/],
  ])('%s', async (way, code, time, message) => {
    await using session = await open(networkWith({ way }))
    const error = await session.simulate(TRIALS).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({
      ...{ name: 'RunError', code, message: expect.stringMatching(message) },
      details: { module: expect.stringMatching(/broken\.mjs$/), verb: 'apply', projection: 'input->out', time },
    })
    // Others may still be asked for.
    await expect(session.simulate({ ...TRIALS, inputs: {} })).resolves.toBeDefined()
  })

  test.each([
    [{ way: 'cannot be made' }, 'OPERATOR_FAILED', /it throws: no table/],
    [{ way: 'hides its verb' }, 'OPERATOR_FAILED', /it throws: no verb to look at/],
    [{ way: 'makes nothing' }, 'OPERATOR_BROKEN', /it returns null/],
    [{ way: 'is made later' }, 'OPERATOR_BROKEN', /it returns a promise, and no operator at once/],
    [{ way: 'has no verb' }, 'OPERATOR_BROKEN', /no object with a function apply/],
    [{ way: 'good', least: -1 }, 'OPERATOR_BROKEN', /its least delay is -1/],
    [{ way: 'good', least: 'soon' }, 'OPERATOR_BROKEN', /its least delay is "soon"/],
  ])('%j', async (options, code, message) => {
    await expect(open(networkWith(options))).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(message) },
      details: { module: expect.stringMatching(/broken\.mjs$/), verb: 'createOperator', projection: 'input->out' },
    })
  })
})

test('an operator on a cycle that takes no time is refused before anything is loaded', async () => {
  await expect(open(networkWith({ way: 'cannot be made' }, 0.05))).rejects.toMatchObject({
    code: 'OPERATOR_CYCLE',
    mistake: { field: 'projections[1].through', remedy: expect.stringContaining('0.1 ms') },
  })
})

test('the baseline on a grid of time knows no operators', () => {
  expect(() => openSurrogate(networkWith({ way: 'good' }), { dt: 0.1 } as never)).toThrow(
    expect.objectContaining({ code: 'SURROGATE_UNSUPPORTED', message: expect.stringContaining('through') }),
  )
})
