import { readFileSync, writeFileSync } from 'node:fs'
import { createTrainingCommand, endingOf, KEEP } from '../command.js'
import { requireEqual, type Scenario } from '../scenario.js'

/** Blocks of 512 or 1024 bytes, as the shell counts: room for the first checkpoints of an epoch, not for all. */
const BLOCKS = 60

/**
 * No room for a checkpoint ends a run with an error that names the file; those written before are whole. Then the newest
 * one is damaged, and the run continues from the one before.
 */
export const badDisk: Scenario = async (_, undisturbed) => {
  const expected = await undisturbed.metrics()
  using command = createTrainingCommand()
  const full = await endingOf(command.startLimited(BLOCKS, ...KEEP))
  requireEqual(`exit code with a full disk (${full.words})`, full.code, 1)
  if (!/"code":"FILE_UNWRITABLE","message":"[^"]*checkpoint-\d+\.antd cannot be written: /.test(full.words))
    throw new Error(`a full disk is told as: ${full.words}`)
  const whole = command.files().length

  const newest = command.files().at(-1) ?? ''
  const bytes = readFileSync(newest)
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
  writeFileSync(newest, bytes)
  const damaged = await endingOf(command.start(...KEEP))
  requireEqual(`exit code with a damaged checkpoint (${damaged.words})`, damaged.code, 0)
  if (!damaged.words.includes('passed over')) throw new Error(`a damaged checkpoint is told as: ${damaged.words}`)
  requireEqual('metrics after a full disk and a damaged checkpoint', command.metrics(), expected)
  return [
    { what: 'checkpoints whole after a full disk', value: whole, unit: '' },
    { what: 'damaged checkpoints passed over', value: 1, unit: '' },
  ]
}
