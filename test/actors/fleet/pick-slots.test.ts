import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freeSlots, pickSlots } from '../../../src/actors/fleet/pick-slots.js'
import { offer, someOffers, TAKEN } from './offers.js'

/** Workers, and no more processes than they have room for. */
const choices = someOffers.chain((offers) => {
  const free = offers.reduce((sum, each) => sum + freeSlots(each), 0)
  return fc.record({ offers: fc.constant(offers), count: fc.nat(free) })
})

describe('processes are dealt to workers', () => {
  test('as many as are wanted, and nowhere more than there is room', () => {
    fc.assert(
      fc.property(choices, ({ offers, count }) => {
        const picked = pickSlots(offers, count)
        expect(picked.length).toBe(count)
        for (const each of offers)
          expect(picked.filter(({ id }) => id === each.id).length).toBeLessThanOrEqual(freeSlots(each))
      }),
    )
  })

  test('evenly: whoever has two fewer than another is full', () => {
    fc.assert(
      fc.property(choices, ({ offers, count }) => {
        const picked = pickSlots(offers, count)
        const share = (id: string) => picked.filter((each) => each.id === id).length
        const most = Math.max(0, ...offers.map(({ id }) => share(id)))
        for (const each of offers) if (share(each.id) < most - 1) expect(share(each.id)).toBe(freeSlots(each))
      }),
    )
  })

  test('so that those of one worker follow each other', () => {
    fc.assert(
      fc.property(choices, ({ offers, count }) => {
        const ids = pickSlots(offers, count).map(({ id }) => id)
        const changes = ids.filter((id, k) => k > 0 && id !== ids[k - 1]).length
        expect(changes).toBe(Math.max(0, new Set(ids).size - 1))
      }),
    )
  })

  test('in a way that does not depend on who replied first', () => {
    const shuffled = choices.chain(({ offers, count }) =>
      fc.record({
        offers: fc.constant(offers),
        again: fc.shuffledSubarray([...offers], { minLength: offers.length }),
        count: fc.constant(count),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ offers, again, count }) => {
        expect(pickSlots(again, count)).toEqual(pickSlots(offers, count))
      }),
    )
  })

  test('never in part where there is no room', () => {
    fc.assert(
      fc.property(someOffers, fc.integer({ min: 1, max: 5 }), (offers, more) => {
        const free = offers.reduce((sum, each) => sum + freeSlots(each), 0)
        expect(() => pickSlots(offers, free + more)).toThrow(RangeError)
      }),
    )
  })

  test('those with most room and least load first', () => {
    const offers = [offer('a', { slots: 1 }), offer('b', { slots: 3, taken: [TAKEN] }), offer('c', { load: 0.1 })]
    expect(pickSlots(offers, 4).map(({ id }) => id)).toEqual(['c', 'c', 'b', 'a'])
  })
})

test('a worker that leaves, or holds more than it should, has no room', () => {
  expect(freeSlots({ slots: 4, taken: [], isLeaving: true })).toBe(0)
  expect(freeSlots({ slots: 1, taken: [TAKEN, TAKEN], isLeaving: false })).toBe(0)
  expect(freeSlots({ slots: 3, taken: [TAKEN], isLeaving: false })).toBe(2)
})
