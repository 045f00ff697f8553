import { describe, expect, test } from 'vitest'
import { operatorSuite } from '../../src/testing/operator-suite.js'

const module = (file: string) => new URL(`./modules/${file}`, import.meta.url)

describe('operators that keep their promises pass', () => {
  test('one that does nothing', async () => {
    expect(await operatorSuite(module('keep.mjs'))).toEqual({ kept: 300, dropped: 0, slopes: 300, jumps: 0 })
  })

  test.each([{}, { loss: 0.3, spread: 5 }, { loss: 0.3, drift: 0.1 }])('a router with %j', async (options) => {
    const { kept, dropped, slopes, jumps } = await operatorSuite(module('router.mjs'), options, {
      spikes: 200,
      seed: 3,
    })
    expect(kept + dropped).toBe(200)
    if ('loss' in options) expect(dropped).toBeGreaterThan(30)
    expect([slopes, jumps]).toEqual([kept, 0])
  })
})

describe('a planted mistake is found:', () => {
  test.each([
    ['asks a clock', 'pure', /it asks Date\.now/],
    ['asks chance', 'pure', /it asks Math\.random/],
    ['asks a stopwatch', 'pure', /it asks performance\.now/],
    ['counts what it is asked', 'same result', /whether it keeps it/],
    ['remembers the last spike of a unit', 'same result', /whether it keeps it/],
    ['looks at its neighbours', 'same result', /each alone again: its extra is 1, and was 2/],
    ['looks at how many there are', 'same result', /its extra/],
    ['is another one in every slice', 'same result', /of another slice: its extra/],
    ['delays late spikes too little', 'promise', /delays a spike by 0\.5 ms/],
    ['forgets its slope', 'slope', /is 0, but the quotient of its delay is 0\.1/],
    ['has the wrong slope', 'slope', /but the quotient/],
    ['turns the slope round', 'slope', /is -0\.1, but the quotient/],
    ['says nothing of the last spike', 'promise', /extra is a Float64Array/],
  ])('it %s', async (way, rule, message) => {
    await expect(operatorSuite(module('planted.mjs'), { way })).rejects.toMatchObject({
      ...{ code: 'LAW_BROKEN', message: expect.stringMatching(message) },
      details: { law: 'operatorSuite', rule },
    })
  })

  test('and nothing is left of what was watched', async () => {
    const before = [Math, Date, performance, crypto]
    await operatorSuite(module('keep.mjs'), {}, { spikes: 3 })
    await operatorSuite(module('planted.mjs'), { way: 'asks a clock' }).catch(() => null)
    expect([Math, Date, performance, crypto].map((each, k) => each === before[k])).toEqual([true, true, true, true])
  })
})
