import { execFileSync } from 'node:child_process'
import { utimesSync } from 'node:fs'
import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EVENT_FORMATS } from '../../../src/data/files/events/event-formats.js'
import { readEvents } from '../../../src/data/files/events/read-events.js'
import { withFileBytes } from '../../../src/data/files/file-bytes.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const HEAD = 'sample,time_ms,unit,label\n'

it.each(EVENT_FORMATS.map(({ name }) => name))(
  'refuses a pipe as %s, and does not wait for who writes to it',
  async (format) => {
    await using folder = await temporaryFolder()
    const pipe = join(folder.path, 'user01_led.aedat')
    execFileSync('mkfifo', [pipe])
    await writeFile(join(folder.path, 'user01_led_labels.csv'), 'class,startTime_usec,endTime_usec\n1,0,1000\n')
    await expect(readEvents(pipe, { format })).rejects.toMatchObject({
      code: 'DATA_FILE_UNREADABLE',
      mistake: { file: pipe, found: 'a pipe, which is no plain file', remedy: expect.stringContaining('to a file') },
    })
  },
)

it('refuses a device as an archive, which would never end', async () => {
  const mistake = { found: 'a device, which is no plain file' }
  await expect(readEvents('/dev/zero', { format: 'npz' })).rejects.toMatchObject({ mistake })
})

it('notices a table that grows while it is read', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.csv')
  await writeFile(path, `${HEAD}0,1,0,0\n`.padEnd(3_000_000, '\n'))
  let grown: Promise<void> | null = null
  const onProgress = () => {
    grown ??= appendFile(path, '1,1,1,0\n')
  }
  await expect(readEvents(path, { onProgress })).rejects.toMatchObject({
    code: 'DATA_FILE_CHANGED',
    mistake: { file: path, remedy: expect.stringContaining('Leave the file alone') },
  })
  await grown
})

it('notices a file of a camera that is written anew while it is read', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.bin')
  await writeFile(path, new Uint8Array(10))
  expect(() => withFileBytes(path, () => utimesSync(path, 1, 1))).toThrow(
    expect.objectContaining({ code: 'DATA_FILE_CHANGED' }),
  )
  expect(withFileBytes(path, ({ size }) => size)).toBe(10)
})

it('passes over a link to nothing among recordings, unless it is called like one', async () => {
  await using folder = await temporaryFolder()
  const up = join(folder.path, 'up')
  await mkdir(up)
  await writeFile(join(up, 'a.csv'), 'time_ms,unit\n1,0\n')
  await symlink('/nowhere', join(up, 'gone'))
  expect((await readEvents(folder.path)).count).toBe(1)
  await symlink('/nowhere', join(up, 'b.csv'))
  await expect(readEvents(folder.path)).rejects.toMatchObject({ code: 'DATA_FILE_MISSING' })
})
