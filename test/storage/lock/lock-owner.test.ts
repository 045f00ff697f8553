import { expect, test } from 'vitest'
import {
  describeThisProcess,
  type LockOwner,
  type OwnerStatus,
  parseOwner,
  statusOf,
} from '../../../src/storage/lock/lock-owner.js'

const here: LockOwner = { ...(await describeThisProcess()), machine: 'm', boot: 'b', namespace: 'n' }

const CASES: readonly [string, Partial<LockOwner>, OwnerStatus][] = [
  ['this process', {}, 'running'],
  ['this process where no starts are told', { started: null }, 'running'],
  ['an earlier process with its id', { started: '1' }, 'gone'],
  ['a process from before this start of the machine', { boot: 'a' }, 'gone'],
  ['a process on a host of another name', { host: 'other', started: '1' }, 'unknown'],
  ['a process on another machine of this name', { machine: 'o', boot: 'a' }, 'unknown'],
  ['a process of a start that is not told', { boot: null }, 'unknown'],
  ['a process in another container', { namespace: 'o', started: '1' }, 'unknown'],
]

test.each(CASES)('%s', (_, changes, status) => {
  expect(statusOf({ ...here, ...changes }, here)).toBe(status)
})

test('without an id of the machine, another start may be one of another machine', () => {
  const nameless = { ...here, machine: null }
  expect(statusOf({ ...nameless, boot: 'a' }, nameless)).toBe('unknown')
  expect(statusOf({ ...nameless, started: '1' }, nameless)).toBe('gone')
})

test('an owner is read back as it was written', () => {
  expect(parseOwner(JSON.stringify(here))).toStrictEqual(here)
})
