import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import '../support/guard.js'
import { requireFreshBuild } from '../support/built-file.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(`${root}docs/watch.md`, 'utf8')
/** Code, and what it prints, if that is shown. */
const BLOCKS = [...GUIDE.matchAll(/```ts\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g)].map(([, code, printed]) => ({
  code: code ?? '',
  printed: printed ?? '',
}))
const MARK = '-- block --\n'

/** What each block prints, run one after the other as a user would: by the name of the package. */
async function printed(blocks: readonly string[]): Promise<readonly string[]> {
  requireFreshBuild()
  const module = blocks.join(`\nprocess.stdout.write(${JSON.stringify(MARK)})\n`)
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', module], {
    cwd: root,
  })
  return stdout.split(MARK)
}

test('the guide has code, and shows what it prints', () => {
  expect(BLOCKS.length).toBeGreaterThan(4)
  expect(BLOCKS.filter(({ printed }) => printed !== '').length).toBeGreaterThan(3)
})

test('the guide is right', async () => {
  expect(await printed(BLOCKS.map(({ code }) => code))).toEqual(BLOCKS.map(({ printed }) => printed))
})
