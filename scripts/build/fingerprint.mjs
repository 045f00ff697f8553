import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { ASSEMBLIES } from './assemblies.mjs'

/** What a build makes, in src/ as well; and folders of what it makes only to make something of it. */
export const MADE = [
  'dist/index.js',
  'dist/bundle/main.js',
  ...ASSEMBLIES.map(({ target }) => target),
  'src/data/presets/packaged-texts.ts',
  'src/hardware/profile/packaged-texts.ts',
]
const MADE_ON_THE_WAY = ASSEMBLIES.map(({ folder }) => `${folder}schema/`)

const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']
const FOLDERS = ['src', 'presets', 'chips', 'scripts/build']

/** A hash over everything that a build of the clone at `root` depends on. */
export function fingerprint(root) {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true })
      .filter((name) => /\.(ts|mjs|json)$/.test(name))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => !MADE.includes(file) && !MADE_ON_THE_WAY.some((folder) => file.startsWith(folder)))
      .sort(),
  )
  const scripts = readdirSync(`${root}scripts`)
    .filter((name) => /^build.*\.mjs$/.test(name))
    .sort()
  const hash = createHash('sha256')
  for (const file of [...FILES, ...scripts.map((name) => `scripts/${name}`), ...inFolders])
    hash.update(`\n${file}\n`).update(readFileSync(`${root}${file}`))
  return hash.digest('hex')
}
