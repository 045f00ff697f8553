import { expect, test } from 'vitest'
import { createWorkBoard } from '../../../../src/actors/partition/threads/work-board.js'

test('hands out every item of a job once, the last one first', () => {
  const board = createWorkBoard()
  const other = createWorkBoard(board.memory)
  expect(board.take()).toBeNull()
  board.announce(3, 1, 3)
  const taken = [board.take(), other.take(), board.take()]
  expect(taken).toEqual([2, 1, 0].map((item) => ({ kernel: 3, job: 1, item })))
  expect([board.take(), other.take()]).toEqual([null, null])
})

test('a job is done when all its items are', () => {
  const board = createWorkBoard()
  for (const kernel of [0, 1]) {
    board.announce(kernel, 2, 2)
    expect(board.await()).toBe(true)
    for (let item = board.take(); item !== null; item = board.take()) board.finish('done')
    expect(board.join()).toBe(true)
  }
})

test('a job has failed if one of its items has', () => {
  const board = createWorkBoard()
  board.announce(0, 0, 2)
  board.finish('failed')
  board.finish('done')
  expect(board.join()).toBe(false)
})

test('a closed board sends everybody home', () => {
  const board = createWorkBoard()
  board.announce(0, 0, 1)
  board.close()
  expect(createWorkBoard(board.memory).await()).toBe(false)
})
