import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { parseCsv } from '../../src/data/files/csv/read-csv.js'
import { runProcess } from '../cli/run-process.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(`${ROOT}docs/own-recordings.md`, 'utf8')
const blocksOf = (kind: string) =>
  Array.from(GUIDE.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g')), ([, block]) => block as string)
const [toWrite = '', toTrain = ''] = blocksOf('js')
const [described = '', onChip = '', printed = ''] = blocksOf('text')

const folder = mkdtempSync(join(tmpdir(), 'antidrome-guide-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a program of the guide where the package is found by its name. */
async function runProgram(name: string, text: string): Promise<string> {
  const file = join(ROOT, 'dist', name)
  writeFileSync(file, text)
  try {
    return (await promisify(execFile)(process.execPath, [file], { cwd: folder })).stdout
  } finally {
    rmSync(file)
  }
}

test('its table is one', async () => {
  const [table = ''] = blocksOf('csv')
  const found = await parseCsv([Buffer.from(table)], 'strokes.csv')
  expect(found).toMatchObject({ count: 2, classNames: ['down', 'up'], groups: { speaker: ['ann', 'ben'] } })
})

test('its programs and commands, one after the other, print what it says', async () => {
  expect(await runProgram('guide-strokes.mjs', toWrite)).toBe('')
  expect(existsSync(join(folder, 'strokes.csv'))).toBe(true)
  const commands = blocksOf('sh').flatMap((block) => block.trim().split('\n'))
  expect(commands).toHaveLength(5)
  for (const [k, line] of commands.entries()) {
    const { code, out, err } = await runProcess(folder, ...line.replace('npx antidrome ', '').split(' '))
    expect({ line, code }, err).toEqual({ line, code: 0 })
    if (k === 0) expect(out).toBe(described)
    if (k === 4) expect(out.split('\n')).toEqual(expect.arrayContaining(onChip.trimEnd().split('\n')))
  }
  expect(readFileSync(join(folder, 'predictions.csv'), 'utf8')).toMatch(
    /^draw,sample,label,predicted,speaker,recording\n0,0,1,1,person-7,7\n/,
  )
  expect(readFileSync(join(folder, 'runs', 'strokes', 'raster.svg'), 'utf8')).toContain('Spikes of one events trial')
  expect(readFileSync(join(folder, 'strokes.svg'), 'utf8')).toContain('Recording 0 of strokes.csv')
  expect(await runProgram('guide-recordings.mjs', toTrain)).toBe(printed)
})
