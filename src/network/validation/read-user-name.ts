import { valueThat } from '../reading/read-value.js'

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/

/** A name for a group or a projection; raises `NAME_INVALID`. */
export const readUserName = valueThat<string>({
  code: 'NAME_INVALID',
  expected: 'a letter, then letters, digits, "_", "." or "-"',
  holds: (name) => typeof name === 'string' && NAME.test(name),
})
