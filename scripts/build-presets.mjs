// Puts the texts of presets/*.json into src/data/presets/packaged-texts.ts, and those of chips/*.json into
// src/hardware/profile/packaged-texts.ts, so that the library has them without a file system.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeChanged } from './build/write-changed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

pack('presets', 'src/data/presets')
pack('chips', 'src/hardware/profile')

function pack(folder, part) {
  const names = readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
  const entries = names.map((name) => {
    const text = JSON.stringify(JSON.parse(readFileSync(`${root}${folder}/${name}.json`, 'utf8')))
    return `  ${JSON.stringify(name)}: ${JSON.stringify(text)},\n`
  })
  const module = [
    `// Made by scripts/build-presets.mjs from ${folder}/*.json.\n`,
    'export const PACKAGED_TEXTS: Readonly<Record<string, string>> = Object.freeze({\n',
    ...entries,
    '})\n',
  ].join('')
  writeChanged(`${root}${part}/packaged-texts.ts`, module)
}
