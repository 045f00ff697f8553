// Puts the texts of presets/*.json into src/data/presets/packaged-texts.ts, so that the library has them without a file
// system.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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

if (!existsSync(target) || readFileSync(target, 'utf8') !== module) {
  // Builds at the same time must not see half a file.
  writeFileSync(`${target}.${process.pid}`, module)
  renameSync(`${target}.${process.pid}`, target)
}
