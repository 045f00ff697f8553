import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { runProcess } from '../cli/run-process.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(`${ROOT}docs/own-data.md`, 'utf8')
const blockOf = (kind: string) => new RegExp(`\`\`\`${kind}\n([^\`]*(?:\`[^\`]+)*?)\`\`\``).exec(GUIDE)?.[1] as string

// Where the package is installed, as a user has it.
const folder = mkdtempSync(join(tmpdir(), 'antidrome-guide-'))
afterAll(() => rmSync(folder, { recursive: true }))
symlinkSync(`${ROOT}demos`, join(folder, 'demos'))

test('the program of the guide prints what the guide says', async () => {
  const file = join(ROOT, 'demos', '..', 'dist', 'guide-program.mjs')
  writeFileSync(file, blockOf('js'))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder })
    expect(stdout).toBe(blockOf('text'))
  } finally {
    rmSync(file)
  }
})

test('its commands work, one after the other', async () => {
  const commands = blockOf('sh').trim().split('\n')
  expect(commands).toHaveLength(4)
  for (const line of commands) {
    const argv = line.replace('node bin/antidrome.mjs ', '').split(' ')
    const { code, err } = await runProcess(folder, ...argv)
    expect({ line, code }, err).toEqual({ line, code: 0 })
  }
})
