import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import {
  type CheckpointPlace,
  checkpointPlace,
  formatPlace,
  isSamePlace,
  placeOfRun,
  placeOfSeed,
} from '../../../src/cli/checkpoint/checkpoint-place.js'
import '../../support/guard.js'

const parse = checkpointPlace('--checkpoint')

test.each<{ readonly text: string; readonly place: CheckpointPlace }>([
  { text: 'kept', place: { kind: 'folder', path: 'kept' } },
  { text: './object:kept', place: { kind: 'folder', path: './object:kept' } },
  { text: 'object:kept', place: { kind: 'object', bucket: 'kept', prefix: null } },
  { text: 'object:a_B-1/c', place: { kind: 'object', bucket: 'a_B-1', prefix: 'c' } },
  { text: 'object:a/b.c/d-e/0', place: { kind: 'object', bucket: 'a', prefix: 'b.c/d-e/0' } },
])('"$text" is a place, and is written so', ({ text, place }) => {
  expect(parse(text)).toStrictEqual(place)
  expect(formatPlace(place)).toBe(text)
})

test.each([
  ...['object:', 'object:/a', 'object:a.b', 'object:a b', 'object:a/', 'object:a//b', 'object:a/b/'],
  ...['object:a/.', 'object:a/../b', 'object:a/.b', 'object:a/b.', 'object:a/b..c', 'object:a/ä', 'object:a/*'],
])('"%s" is refused', (text) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({
      code: 'FLAG_VALUE',
      details: {
        field: '--checkpoint',
        found: JSON.stringify(text),
        expected: expect.stringMatching(/^object:BUCKET or object:BUCKET\/PREFIX/),
      },
    }),
  )
})

test('objects are named after their run unless a prefix is given', () => {
  expect(placeOfRun(parse('object:a'), 'yin-yang-0')).toStrictEqual(parse('object:a/yin-yang-0'))
  expect(placeOfRun(parse('object:a/b'), 'yin-yang-0')).toStrictEqual(parse('object:a/b'))
  expect(placeOfRun(parse('a'), 'yin-yang-0')).toStrictEqual(parse('a'))
  expect(() => placeOfRun(parse('object:a'), 'b..c')).toThrow(/the name of the run, "b\.\.c", as PREFIX/)
})

test('every seed has a place below', () => {
  expect(placeOfSeed(parse('object:a/b'), 3)).toStrictEqual(parse('object:a/b/seed-3'))
  expect(placeOfSeed(parse('a'), 3)).toStrictEqual(parse(join('a', 'seed-3')))
})

test('places are compared by where they are', () => {
  expect(isSamePlace(parse('a'), parse(resolve('a')))).toBe(true)
  expect(isSamePlace(parse('a'), parse('object:a/a'))).toBe(false)
  expect(isSamePlace(parse('object:a/a'), parse('object:a/a'))).toBe(true)
  expect(isSamePlace(parse('object:a/a'), parse('object:b/a'))).toBe(false)
  expect(isSamePlace(parse('object:a/a'), parse('object:a/b'))).toBe(false)
})
