import fc from 'fast-check'
import { afterAll } from 'vitest'
import { isLong } from './cases-of.js'
import { cpuTime } from './cpu-time.js'
import { expectNothingLeft } from './leftovers.js'
import './quick-equality.js'

// Short runs draw the same cases every time; long ones draw others, and tell the seed of what they find.
if (!isLong()) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20260 })

// Runs after every hook of the file itself.
const before = cpuTime()
// biome-ignore lint/correctness/noEmptyPattern: vitest reads off this parameter what a hook uses.
afterAll(async ({}, file) => {
  await expectNothingLeft(file.name)
  Object.assign(file.meta, { cpu: cpuTime() - before })
})
