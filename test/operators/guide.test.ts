import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { builtFile } from '../support/built-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const GUIDE = readFileSync(new URL('../../docs/own-operator.md', import.meta.url), 'utf8')
const FILES = [...GUIDE.matchAll(/```js\n\/\/ ([\w.]+)\n([^`]*)```/g)].map(([, name = '', text = '']) => ({
  name,
  text,
}))
const PRINTED = /```text\n([^`]*)```/.exec(GUIDE)?.[1]

const bundle = (entry: string) => builtFile(`bundle/${entry}.js`).href

test('the guide prints what it says', async () => {
  expect(FILES.map(({ name }) => name)).toEqual(['router.js', 'main.js'])
  await using folder = await temporaryFolder()
  writeFileSync(join(folder.path, 'package.json'), '{ "type": "module" }')
  for (const { name, text } of FILES) {
    const packed = text.replace("'antidrome/testing'", `'${bundle('testing')}'`)
    writeFileSync(join(folder.path, name), packed.replace("'antidrome'", `'${bundle('index')}'`))
  }
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder.path, 'main.js')])
  expect(stdout).toBe(PRINTED)
})
