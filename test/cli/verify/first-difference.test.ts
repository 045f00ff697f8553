import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstDifference } from '../../../src/cli/verify/first-difference.js'
import type { NamedNumbers } from '../../../src/storage/named-numbers.js'

const RUNS = { numRuns: 200, seed: 41 } as const

const arbitraryValues = fc.array(fc.double(), { maxLength: 12 })
const arbitraryNumbers = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,6}$/),
    values: arbitraryValues.map((values) => Float64Array.from(values)),
  }),
  { maxLength: 6, selector: ({ name }) => name },
)

const copyOf = (numbers: readonly NamedNumbers[]) =>
  numbers.map(({ name, values }) => ({ name, values: values.slice() }))

/** Numbers with at least one value, and the place of one of them. */
const arbitraryPlace = arbitraryNumbers
  .filter((numbers) => numbers.some(({ values }) => values.length > 0))
  .chain((numbers) => {
    const places = numbers.flatMap(({ values }, array) => Array.from(values, (_, index) => ({ array, index })))
    return fc.record({ numbers: fc.constant(numbers), place: fc.constantFrom(...places) })
  })

test('the same numbers do not differ, in whatever order the arrays come', () => {
  fc.assert(
    fc.property(
      arbitraryNumbers.chain((numbers) =>
        fc.tuple(fc.constant(numbers), fc.shuffledSubarray(copyOf(numbers), { minLength: numbers.length })),
      ),
      ([numbers, shuffled]) => {
        expect(firstDifference(numbers, shuffled)).toBeNull()
      },
    ),
    RUNS,
  )
})

test('a single other value is found and named', () => {
  fc.assert(
    fc.property(arbitraryPlace, fc.double(), ({ numbers, place: { array, index } }, other) => {
      const [found, reference] = [copyOf(numbers), numbers[array] as NamedNumbers]
      const [value, changed] = [reference.values[index] as number, found[array]?.values as Float64Array]
      fc.pre(!Object.is(value, other))
      changed[index] = other
      const readable = (number: number) => (Number.isFinite(number) ? number : null)
      expect(firstDifference(numbers, found)).toEqual({
        where: `${reference.name}[${index}]`,
        reference: readable(value),
        found: readable(other),
      })
    }),
    RUNS,
  )
})

test('of several differences the first in the order of the reference is told', () => {
  fc.assert(
    fc.property(arbitraryPlace, ({ numbers, place: { array, index } }) => {
      const found = copyOf(numbers)
      // Everything from the place on is another number.
      for (const { values } of found.slice(array + 1)) values.set(values.map(nextOf))
      const values = found[array]?.values as Float64Array
      values.set(values.subarray(index).map(nextOf), index)
      expect(firstDifference(numbers, found)?.where).toBe(`${numbers[array]?.name}[${index}]`)
    }),
    RUNS,
  )
})

test('an array that is longer, shorter, missing or new differs in its length', () => {
  fc.assert(
    fc.property(arbitraryPlace, fc.double(), ({ numbers, place: { array } }, more) => {
      const { name, values } = numbers[array] as NamedNumbers
      const length = { where: `${name} length`, reference: values.length }
      const swapped = (other: Float64Array) =>
        numbers.map((each) => (each.name === name ? { name, values: other } : each))
      const without = numbers.filter((each) => each.name !== name)
      const longer = swapped(Float64Array.of(...values, more))
      expect(firstDifference(numbers, longer)).toEqual({ ...length, found: values.length + 1 })
      expect(firstDifference(numbers, swapped(values.subarray(1).slice(0, 0)))).toEqual({ ...length, found: 0 })
      expect(firstDifference(numbers, without)).toEqual({ ...length, found: 0 })
      expect(firstDifference(without, numbers)).toEqual({ ...length, reference: 0, found: values.length })
    }),
    RUNS,
  )
})

describe('to the last bit', () => {
  const difference = (reference: number, found: number) =>
    firstDifference(
      [{ name: 'x', values: Float64Array.of(reference) }],
      [{ name: 'x', values: Float64Array.of(found) }],
    )

  test('0 and -0 differ', () => expect(difference(0, -0)).toEqual({ where: 'x[0]', reference: 0, found: -0 }))
  test('one ulp is a difference', () => expect(difference(1, 1 + Number.EPSILON)).not.toBeNull())
  test('not a number is like itself', () => expect(difference(Number.NaN, Number.NaN)).toBeNull())
  test('not a number is unlike a number, and said as null', () =>
    expect(difference(Number.NaN, 2)).toEqual({ where: 'x[0]', reference: null, found: 2 }))
})

function nextOf(value: number): number {
  return Object.is(value, 1) ? 2 : 1
}
