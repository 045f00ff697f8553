// Puts the texts of presets/*.json into src/data/presets/packaged-texts.ts, so that the library has them without a file
// system.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeChanged } from './build/write-changed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = `${root}src/data/presets/packaged-texts.ts`

const names = readdirSync(`${root}presets`)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort()
const entries = names.map((name) => {
  const text = JSON.stringify(JSON.parse(readFileSync(`${root}presets/${name}.json`, 'utf8')))
  return `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`
})
const module = [
  '// Made by scripts/build-presets.mjs from presets/*.json.\n',
  'export const PACKAGED_TEXTS: Readonly<Record<string, string>> = Object.freeze({\n',
  ...entries,
  '})\n',
].join('')

writeChanged(target, module)
